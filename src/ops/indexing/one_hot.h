// ONE_HOT: for each position (operand 0) a row of so many elements as operand 1 says along a new axis, operand 2 at the
// position and operand 3 elsewhere.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct OneHotAttributes {
  int axis = 0;  // -1: the last one
  static const AttributeType kType;
};

extern const OpDef kOneHot;

}  // namespace narrow
