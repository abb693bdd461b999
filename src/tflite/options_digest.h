// What ops are told beside their operands, as one number.
#pragma once

#include <cstdint>

#include "graph/model.h"

namespace narrow {

/// A digest of the attributes of all ops of all graphs, by how the format writes them.
uint64_t options_digest(const Model& model);

}  // namespace narrow
