// MAXIMUM and MINIMUM of two operands, with broadcasting.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kMaximum;
extern const OpDef kMinimum;

}  // namespace narrow
