// SQUARED_DIFFERENCE: (a - b)^2, with broadcasting.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kSquaredDifference;

}  // namespace narrow
