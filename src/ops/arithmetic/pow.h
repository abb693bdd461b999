// POW: the first operand to the power of the second, with broadcasting. ATAN2: the angle of the point (second, first),
// operands of one shape.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kPow;
extern const OpDef kAtan2;

}  // namespace narrow
