// FLOOR_DIV and FLOOR_MOD: the quotient rounded down, and what it leaves, with the divisor's sign; with broadcasting.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kFloorDiv;
extern const OpDef kFloorMod;

}  // namespace narrow
