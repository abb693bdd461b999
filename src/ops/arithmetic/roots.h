// SQRT and RSQRT: the square root and its inverse.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kRsqrt;
extern const OpDef kSqrt;

}  // namespace narrow
