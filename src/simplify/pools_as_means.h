// Means in place of pools over whole images.
#pragma once

#include "graph/model.h"

namespace narrow {

/// The model with each AVERAGE_POOL_2D of graph `entry` whose only window is the whole image made a MEAN, which computes the
/// same but has a scale of its own in integers, where a pool has that of its operand. `changed` counts them.
Model pools_as_means(const Model& model, int entry, int& changed);

}  // namespace narrow
