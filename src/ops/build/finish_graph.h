// What is done to the ops once all nodes are read.
#pragma once

#include <set>

#include "graph/model.h"

namespace narrow {

/// Those `sums` that add a constant for each channel to a layer's result, which nothing else reads, become the layer's
/// bias; ops that no output depends on, and tensors that nobody mentions, go away.
void finish_graph(Model& model, const std::set<int>& sums);

}  // namespace narrow
