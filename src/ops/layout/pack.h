// PACK: operands of one shape stacked along a new axis.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct PackAttributes {
  int count = 1;
  int axis = 0;  // negative counts from the end
  static const AttributeType kType;
};

extern const OpDef kPack;

}  // namespace narrow
