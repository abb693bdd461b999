// ABS: the magnitude.
#pragma once

#include "ops/op_def.h"

namespace narrow {

extern const OpDef kAbs;

}  // namespace narrow
