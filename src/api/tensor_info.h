// Tensors as the public interface describes them.
#pragma once

#include <vector>

#include "graph/model.h"
#include "narrow/inspect.h"

namespace narrow {

TensorInfo info_of(const Tensor& tensor);

/// The tensors of a graph that have these indices, in this order.
std::vector<TensorInfo> infos_of(const Graph& graph, const std::vector<int>& tensors);

}  // namespace narrow
