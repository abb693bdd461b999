// SPLIT: data (operand 1) cut along an axis (operand 0) into equal parts. SPLIT_V: data (operand 0) cut into parts of
// given sizes (operand 1, one of which may be -1) along an axis (operand 2).
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct SplitAttributes {
  int count = 0;
  static const AttributeType kType;
};

extern const OpDef kSplit;
extern const OpDef kSplitV;

}  // namespace narrow
