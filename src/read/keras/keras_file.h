// From the bytes of a Keras file to what it says.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "read/keras/keras_model.h"

namespace narrow {

/// The network and its weights in the bytes of an .h5 file, as Keras 1, 2 and 3 write whole models. `source` names the
/// file in messages. Errors: bad_file, unsupported (what HDF5 and Keras can express and narrow does not read),
/// limit_exceeded.
Result<KerasNetwork> parse_keras_h5(SharedBytes file, const std::string& source, const Limits& limits);

/// The same of a .keras file: a zip file with config.json and model.weights.h5.
Result<KerasNetwork> parse_keras_zip(SharedBytes file, const std::string& source, const Limits& limits);

}  // namespace narrow
