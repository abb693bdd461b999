#include <algorithm>

#include "graph/edit.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

/// Ops that narrow does not know may do more than compute results; so may those that keep values between runs.
bool is_pure(const Graph& graph, const Op& op) {
  auto keeps = [&](int t) { return t != kNoTensor && graph.tensor(t).variable; };
  return op.def && op.graphs.empty() && std::none_of(op.inputs.begin(), op.inputs.end(), keeps);
}

}  // namespace

Result<Model> drop_unused(Model model) {
  Graph& graph = model.main();
  std::vector<bool> read(graph.tensors.size(), false);
  auto mark = [&](const std::vector<int>& tensors) {
    for (int t : tensors)
      if (t != kNoTensor) read[static_cast<size_t>(t)] = true;
  };
  mark(graph.outputs);
  std::vector<Op> kept;
  for (size_t i = graph.ops.size(); i-- > 0;) {
    Op& op = graph.ops[i];
    bool const wanted = std::any_of(op.outputs.begin(), op.outputs.end(),
                                    [&](int t) { return t != kNoTensor && read[static_cast<size_t>(t)]; });
    if (!wanted && is_pure(graph, op)) continue;
    mark(op.inputs);
    kept.push_back(std::move(op));
  }
  std::reverse(kept.begin(), kept.end());
  graph.ops = std::move(kept);
  drop_unused_tensors(model, 0);
  return model;
}

}  // namespace narrow
