// The dynamic scheme: integer weights that meet float activations.
#pragma once

#include "quantize/types.h"

namespace narrow {

/// Weights of at least 1024 elements, of ops that runtimes have a hybrid form for, are stored as int8; the rest stays
/// float. Source: TFLite's dynamic-range quantization.
QuantizedModel quantize_dynamic(const Model& model, const QuantizeOptions& options);

}  // namespace narrow
