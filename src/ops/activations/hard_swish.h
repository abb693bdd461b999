// HARD_SWISH: x * min(max(x + 3, 0), 6) / 6.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kHardSwish;

}  // namespace narrow
