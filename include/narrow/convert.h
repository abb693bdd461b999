// convert: a model of any format as it would be quantized, but not quantized.
#pragma once

#include <narrow/model.h>
#include <narrow/visibility.h>

namespace narrow {

/// The model with the same outputs and fewer ops: constants computed, batch normalization folded into layers,
/// activations fused, what nobody reads left out. Float models stay float and integer models keep their integers.
/// Writing the result makes a .tflite file of a model of another format. Errors: unsupported, limit_exceeded.
NARROW_API Result<ModelPtr> convert(const Model& model);

}  // namespace narrow
