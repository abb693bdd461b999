// RELU6: min(max(x, 0), 6).
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kRelu6;

}  // namespace narrow
