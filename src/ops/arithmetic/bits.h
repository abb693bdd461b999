// BITWISE_XOR and RIGHT_SHIFT of integers, with broadcasting.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kBitwiseXor;
extern const OpDef kRightShift;

}  // namespace narrow
