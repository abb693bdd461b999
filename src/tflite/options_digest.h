// A digest of the attributes of a model's ops.
#pragma once

#include <cstdint>

#include "graph/model.h"

namespace narrow {

/// A digest of the attributes of all ops of all graphs, by how the format writes them.
uint64_t options_digest(const Model& model);

}  // namespace narrow
