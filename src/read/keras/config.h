// The architecture of a Keras model, which its files hold as JSON text.
#pragma once

#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "read/keras/keras_model.h"

namespace narrow::keras {

/// The network that `text` describes, without weights: {"class_name": "Sequential" or "Functional", "config": ...} in
/// the forms of Keras 1, 2 and 3. Names of classes lose the module before them ("keras.layers.Dense" is "Dense");
/// registered names ("Custom>Dense") stay. Errors: bad_file, with the layer's name, for text that does not fit together
/// (unknown and repeated names, layers that wait for each other); unsupported for calls with other things than results
/// of layers.
Result<KerasNetwork> parse_config(std::string_view text, const Limits& limits);

}  // namespace narrow::keras
