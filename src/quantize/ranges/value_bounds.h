// How far the values of tensors can be from zero, whatever the samples are.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// By tensor of the graph: the largest magnitude that the op which computes it lets through (RELU6, a fused clamp,
/// LOGISTIC and its like, and ops that pass on or average such values), or that its readers do where all of them clamp;
/// infinite where nothing bounds it.
std::vector<float> value_bounds(const Graph& graph);

}  // namespace narrow
