// Value bounds: how far from zero the values of tensors can be, whatever the samples are.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// By tensor of the graph: the largest magnitude that a float value can have, infinite where nothing bounds it. What
/// bounds it is the op that computes it (a clamp, LOGISTIC and its like, ops that move or average bounded values), or
/// its readers where all of them clamp: values beyond count as the clamp's end.
std::vector<float> value_bounds(const Graph& graph);

}  // namespace narrow
