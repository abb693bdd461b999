// RELU: max(x, 0); RELU_0_TO_1 and RELU_N1_TO_1 are bounded by 1 too.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kRelu;
extern const OpDef kRelu0To1;
extern const OpDef kReluN1To1;

}  // namespace narrow
