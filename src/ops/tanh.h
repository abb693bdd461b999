// TANH: hyperbolic tangent.
#pragma once

#include "ops/op_def.h"

namespace narrow {

extern const OpDef kTanh;

}  // namespace narrow
