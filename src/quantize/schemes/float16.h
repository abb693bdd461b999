// The float16 scheme: constants stored as float16, computation in float32.
#pragma once

#include "quantize/types.h"

namespace narrow {

/// Stores each float32 constant that an op reads as float16, saturated to its range, and puts a DEQUANTIZE behind it.
QuantizedModel quantize_float16(const Model& model, const QuantizeOptions& options);

}  // namespace narrow
