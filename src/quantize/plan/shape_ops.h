// Ops that compute shapes: their floats are sizes and ratios, which integers with a scale would falsify.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// Whether the values that an op reads and all that it computes follow from the shapes of a model alone.
bool follows_from_shapes(const Graph& graph, const Op& op);

/// By op of a graph: whether it follows from shapes alone and leads, maybe through others that do, to an operand that
/// holds a shape, an axis or positions.
std::vector<bool> leads_to_shape(const Graph& graph);

}  // namespace narrow
