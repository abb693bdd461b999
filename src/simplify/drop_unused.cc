#include <algorithm>
#include <optional>

#include "graph/edit.h"
#include "ops/def/op_def.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

/// Which graphs do nothing but compute their outputs.
class Purity {
 public:
  explicit Purity(const Model& model) : known_(model.graphs.size()) {
    for (size_t g = 0; g < model.graphs.size(); ++g) look_at(model, g);
  }

  /// Ops that narrow does not know may do more than compute results; so may those that keep values between runs.
  bool is_pure(const Graph& graph, const Op& op) const {
    auto keeps = [&](int t) { return t != kNoTensor && graph.tensor(t).variable; };
    return op.def && !op.def->has_effects && std::none_of(op.inputs.begin(), op.inputs.end(), keeps) &&
           std::all_of(op.graphs.begin(), op.graphs.end(), [&](int g) { return *known_[static_cast<size_t>(g)]; });
  }

 private:
  void look_at(const Model& model, size_t g) {
    if (known_[g]) return;
    const Graph& graph = model.graphs[g];
    for (const Op& op : graph.ops)
      for (int body : op.graphs) look_at(model, static_cast<size_t>(body));
    known_[g] = std::all_of(graph.ops.begin(), graph.ops.end(), [&](const Op& op) { return is_pure(graph, op); });
  }

  std::vector<std::optional<bool>> known_;
};

void drop_from(Model& model, int index, const Purity& purity) {
  Graph& graph = model.graphs[static_cast<size_t>(index)];
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
    if (!wanted && purity.is_pure(graph, op)) continue;
    mark(op.inputs);
    kept.push_back(std::move(op));
  }
  std::reverse(kept.begin(), kept.end());
  graph.ops = std::move(kept);
  drop_unused_tensors(model, index);
}

}  // namespace

Result<Model> drop_unused(Model model) {
  Purity const purity(model);
  for (size_t g = 0; g < model.graphs.size(); ++g) drop_from(model, static_cast<int>(g), purity);
  return model;
}

}  // namespace narrow
