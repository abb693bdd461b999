// ABS: the magnitude.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kAbs;

}  // namespace narrow
