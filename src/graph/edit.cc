#include "graph/edit.h"

namespace narrow {
namespace {

/// Calls f(int& tensor) for every place that refers to a tensor of graph number `index`.
template <class F>
void each_mention(Model& model, int index, F f) {
  Graph& graph = model.graphs[static_cast<size_t>(index)];
  auto all = [&](std::vector<int>& list) {
    for (int& t : list)
      if (t != kNoTensor) f(t);
  };
  for (Op& op : graph.ops) {
    all(op.inputs);
    all(op.outputs);
    all(op.intermediates);
  }
  all(graph.inputs);
  all(graph.outputs);
  for (Signature& s : model.signatures) {
    if (s.graph != index) continue;
    for (auto& [name, t] : s.inputs) f(t);
    for (auto& [name, t] : s.outputs) f(t);
  }
}

}  // namespace

int add_tensor(Graph& graph, Tensor tensor) {
  graph.tensors.push_back(std::move(tensor));
  return static_cast<int>(graph.tensors.size()) - 1;
}

Tensor computed_like(const Tensor& tensor) {
  Tensor out = tensor;
  out.data = {};
  out.constant = false;
  out.from_shapes = false;
  out.variable = false;
  return out;
}

void drop_unused_tensors(Model& model, int index) {
  Graph& graph = model.graphs[static_cast<size_t>(index)];
  std::vector<int> now(graph.tensors.size(), kNoTensor);
  each_mention(model, index, [&](int& t) { now[static_cast<size_t>(t)] = 0; });
  std::vector<Tensor> kept;
  for (size_t t = 0; t < now.size(); ++t) {
    if (now[t] == kNoTensor) continue;
    now[t] = static_cast<int>(kept.size());
    kept.push_back(std::move(graph.tensors[t]));
  }
  graph.tensors = std::move(kept);
  each_mention(model, index, [&](int& t) { t = now[static_cast<size_t>(t)]; });
}

void rebind_signatures(Model& model, int graph, std::vector<std::pair<std::string, int>> Signature::*list, int from,
                       int to) {
  for (Signature& s : model.signatures) {
    if (s.graph != graph) continue;
    for (auto& [name, t] : s.*list)
      if (t == from) t = to;
  }
}

}  // namespace narrow
