// PAD: the data (operand 0) surrounded by zeros; PADV2: by a value (operand 2). Operand 1 holds how many elements come
// before and after each dimension.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kPad;
extern const OpDef kPadV2;

}  // namespace narrow
