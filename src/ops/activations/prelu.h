// PRELU: x where positive, alpha x elsewhere, alpha a broadcast operand.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kPrelu;

}  // namespace narrow
