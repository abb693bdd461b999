// PAD: zeros (the zero point) around the operand; operand 1: [rank, 2] elements before and after.
#pragma once

#include "ops/op_def.h"

namespace narrow {

extern const OpDef kPad;

}  // namespace narrow
