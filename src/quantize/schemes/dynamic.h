// The dynamic scheme: integer weights, float activations.
#pragma once

#include "quantize/types.h"

namespace narrow {

/// Stores weights of at least 1024 elements as int8, for ops of which runtimes have hybrid kernels (float data, integer
/// weights); everything else stays float. Source: TFLite's dynamic-range quantization.
QuantizedModel quantize_dynamic(const Model& model, const QuantizeOptions& options);

}  // namespace narrow
