// The order of ops, where a graph leaves a choice.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Brings the ops of a graph into an order that holds fewer bytes at a time, as far as always taking next the op that
/// adds least finds one. False where they stay as they are, as also where an op has effects beside its results, so that
/// the order matters.
bool order_for_memory(Graph& graph);

}  // namespace narrow
