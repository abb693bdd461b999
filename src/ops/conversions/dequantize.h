// DEQUANTIZE: integers or float16 to float32.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kDequantize;

}  // namespace narrow
