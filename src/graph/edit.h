// Edits that several passes need.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Adds a tensor to a graph and returns its index.
int add_tensor(Graph& graph, Tensor tensor);

/// A tensor of that name, type and shape that an op is to compute, whatever the given one is: no constant, no variable.
Tensor computed_like(const Tensor& tensor);

/// Drops tensors that no op, input, output or signature of the graph mentions, and renumbers the rest.
void drop_unused_tensors(Model& model, int graph);

/// Lets the signatures of `graph` whose list (&Signature::inputs or &Signature::outputs) names `from` name `to`.
void rebind_signatures(Model& model, int graph, std::vector<std::pair<std::string, int>> Signature::*list, int from,
                       int to);

}  // namespace narrow
