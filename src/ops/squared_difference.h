// SQUARED_DIFFERENCE: (a - b)^2, with broadcasting.
#pragma once

#include "ops/op_def.h"

namespace narrow {

extern const OpDef kSquaredDifference;

}  // namespace narrow
