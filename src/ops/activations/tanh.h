// TANH: hyperbolic tangent.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kTanh;

}  // namespace narrow
