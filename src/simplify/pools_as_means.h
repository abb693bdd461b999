// Means in place of pools over whole images.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// Makes each AVERAGE_POOL_2D of graph `entry` whose only window is the whole image a MEAN, which computes the same but
/// has a scale of its own in integers, where a pool has that of its operand. Returns the results of these.
std::vector<int> pools_as_means(Model& model, int entry);

}  // namespace narrow
