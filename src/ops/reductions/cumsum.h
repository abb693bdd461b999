// CUMSUM: sums of the elements up to each along a dimension.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct CumsumAttributes {
  bool exclusive = false;  // the element itself is left out
  bool reverse = false;    // from the end
  static const AttributeType kType;
};

extern const OpDef kCumsum;

}  // namespace narrow
