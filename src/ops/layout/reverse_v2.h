// REVERSE_V2: data (operand 0) backwards along the axes that operand 1 lists.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kReverseV2;

}  // namespace narrow
