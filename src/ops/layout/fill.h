// FILL: one value (operand 1) in every place of a shape (operand 0 lists the dimensions).
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kFill;

}  // namespace narrow
