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

/// The graph of the signature `key`, the first graph where that is empty. bad_option where there is no such signature.
Result<int> entry_graph(const Model& model, const std::string& key);

}  // namespace narrow
