#include "simplify/readers.h"

namespace narrow {

std::vector<int> only_readers(const Graph& graph) {
  std::vector<int> out(graph.tensors.size(), -1);
  std::vector<std::vector<int>> const all = consumers(graph);
  for (size_t t = 0; t < all.size(); ++t)
    if (all[t].size() == 1) out[t] = all[t].front();
  for (int t : graph.outputs) out[static_cast<size_t>(t)] = -1;
  return out;
}

}  // namespace narrow
