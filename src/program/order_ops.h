// The order of ops, where a graph leaves a choice.
#pragma once

#include "graph/model.h"

namespace narrow {

/// The graph with its ops in an order that holds fewer bytes at a time, as far as always taking next the op that adds
/// least finds one. The same graph where an op has effects beside its results, so that the order matters.
Graph ordered_for_memory(Graph graph);

}  // namespace narrow
