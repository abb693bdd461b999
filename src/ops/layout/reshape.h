// RESHAPE: the same elements in another shape; operand 1 or the attribute gives it, one -1 allowed.
#pragma once

#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

struct ReshapeAttributes {
  std::vector<int32_t> new_shape;  // used where operand 1 is left out
  static const AttributeType kType;
};

extern const OpDef kReshape;

}  // namespace narrow
