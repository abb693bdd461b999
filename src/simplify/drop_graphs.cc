#include <algorithm>

#include "graph/entry.h"
#include "simplify/passes.h"

namespace narrow {

Result<Model> drop_graphs(Model model) {
  constexpr int kDropped = -1, kKept = 0;
  std::vector<int> now(model.graphs.size(), kDropped);
  std::vector<int> open = entry_graphs(model);
  while (!open.empty()) {
    auto const g = static_cast<size_t>(open.back());
    open.pop_back();
    if (now[g] == kKept) continue;
    now[g] = kKept;
    for (const Op& op : model.graphs[g].ops) open.insert(open.end(), op.graphs.begin(), op.graphs.end());
  }
  auto known = [](const Graph& graph) {
    return std::all_of(graph.ops.begin(), graph.ops.end(), [](const Op& op) { return op.def != nullptr; });
  };
  if (!std::all_of(model.graphs.begin(), model.graphs.end(), known)) return model;
  std::vector<Graph> kept;
  for (size_t g = 0; g < now.size(); ++g) {
    if (now[g] == kDropped) continue;
    now[g] = static_cast<int>(kept.size());
    kept.push_back(std::move(model.graphs[g]));
  }
  model.graphs = std::move(kept);
  auto renumber = [&](int& graph) { graph = now[static_cast<size_t>(graph)]; };
  for (Graph& graph : model.graphs)
    for (Op& op : graph.ops) std::for_each(op.graphs.begin(), op.graphs.end(), renumber);
  for (Signature& s : model.signatures) renumber(s.graph);
  return model;
}

}  // namespace narrow
