// A fingerprint of a model, which statistics store to be matched with the model that they describe.
#pragma once

#include <cstdint>

#include "graph/model.h"

namespace narrow {

/// Equal for models of the same ops over the same tensors with the same constants in all their graphs. Names of
/// signatures and metadata do not count. `attributes` stands for the attributes of the ops: options_digest.
uint64_t fingerprint(const Model& model, uint64_t attributes);

}  // namespace narrow
