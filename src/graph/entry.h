// Entry points: graphs that callers find by the key of a signature.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// The graphs that callers enter, rising: the first, and those of signatures.
std::vector<int> entry_graphs(const Model& model);

/// How messages name one of them: "the first graph", "graph 2 (signature 'decode')".
std::string entry_label(const Model& model, int graph);

/// The graph of the signature `key`. bad_option where there is no such signature.
Result<int> entry_graph(const Model& model, const std::string& key);

/// The model with that graph in the first place, where stages look for what to run, and the first one in its place.
Model with_first(Model model, int graph);

/// Where with_first(model, first) has what was graph `graph`; and back again.
int swapped_first(int graph, int first);

/// Both together. Errors: those of entry_graph.
Result<Model> enter(Model model, const std::string& key);

}  // namespace narrow
