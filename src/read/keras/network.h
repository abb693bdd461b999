// From the files of Keras to KerasNetwork.
#pragma once

#include <functional>
#include <string_view>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "read/keras/keras_model.h"

namespace narrow::keras {

/// The architecture in a file's JSON ({"class_name": ..., "config": ...}), without weights. Errors: bad_file where it
/// is no architecture or refers to what is not there, unsupported for a class of model other than Sequential and
/// Functional, limit_exceeded.
Result<KerasNetwork> parse_architecture(std::string_view json, const Limits& limits);

/// The model in a .h5 file: attribute model_config, and group model_weights.
Result<KerasNetwork> network_of_h5(const SharedBytes& file, const Limits& limits);

/// The model in a .keras file: config.json, and model.weights.h5.
Result<KerasNetwork> network_of_zip(const SharedBytes& file, const Limits& limits);

}  // namespace narrow::keras
