// Files that people give in the place of a model, and what they can give instead.
#pragma once

#include <string_view>

#include "base/result.h"

namespace narrow {

/// Unsupported, with what to do, for a file that is known not to be a model of its own: the graph of a SavedModel
/// folder, the values of a TensorFlow checkpoint, PyTorch's archives.
Status check_not_foreign(std::string_view bytes);

}  // namespace narrow
