// What is done to the ops once all nodes are read.
#pragma once

#include <set>

#include "graph/model.h"

namespace narrow::graphdef {

/// Sums of a layer that nothing else reads and one constant for each channel become the layer's bias; ops that no
/// output depends on, and tensors that nobody mentions, go away.
void finish_graph(Model& model);

}  // namespace narrow::graphdef
