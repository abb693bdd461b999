// The float16 scheme: constants stored in half the bytes.
#pragma once

#include "quantize/types.h"

namespace narrow {

/// Every float32 constant that an op reads is stored as float16 (clamped to its range) behind a DEQUANTIZE.
QuantizedModel quantize_float16(const Model& model, const QuantizeOptions& options);

}  // namespace narrow
