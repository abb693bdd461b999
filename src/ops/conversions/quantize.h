// QUANTIZE: float to integers, or integers of one quantization to another.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kQuantize;

}  // namespace narrow
