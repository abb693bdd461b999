// SQUEEZE: dimensions of one element removed.
#pragma once

#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

struct SqueezeAttributes {
  std::vector<int32_t> axes;  // all dimensions of one element where empty
  static const AttributeType kType;
};

extern const OpDef kSqueeze;

}  // namespace narrow
