// Which op reads a tensor, where there is exactly one.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// For each tensor of `graph`, the op that alone reads it; -1 where there is none or several, or it is an output.
std::vector<int> only_readers(const Graph& graph);

}  // namespace narrow
