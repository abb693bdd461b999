// Graphs that compute the same.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Whether two graphs are equal but for the names of the graphs and of their tensors: the same ops in the same order
/// over the same tensors. False for some that compute the same in another order, and for those with fields of a file
/// that narrow only carries.
bool same_but_for_names(const Graph& a, const Graph& b);

}  // namespace narrow
