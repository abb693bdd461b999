// Changes to graphs that several passes make.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Adds a tensor to a graph and returns its index.
int add_tensor(Graph& graph, Tensor tensor);

/// A tensor of the same name, type, shape and quantization that is neither constant nor variable: an op will compute
/// it.
Tensor computed_like(const Tensor& tensor);

/// Drops tensors that no op, input, output or signature of the graph mentions, and renumbers the rest.
void drop_unused_tensors(Model& model, int graph);

/// Replaces tensor `from` by `to` in one list (&Signature::inputs or &Signature::outputs) of the signatures of `graph`.
void rebind_signatures(Model& model, int graph, std::vector<std::pair<std::string, int>> Signature::*list, int from,
                       int to);

}  // namespace narrow
