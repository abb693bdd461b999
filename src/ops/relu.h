// RELU: max(x, 0).
#pragma once

#include "ops/op_def.h"

namespace narrow {

extern const OpDef kRelu;

}  // namespace narrow
