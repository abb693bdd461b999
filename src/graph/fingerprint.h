// A fingerprint of a model, by which statistics know what they were taken of.
#pragma once

#include <cstdint>

#include "graph/model.h"

namespace narrow {

/// Equal for models of the same ops over the same tensors with the same constants. Names of signatures, metadata and
/// the attributes of ops do not count, but shapes do.
uint64_t fingerprint(const Model& model);

}  // namespace narrow
