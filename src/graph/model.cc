#include "graph/model.h"

#include "base/printable.h"

namespace narrow {

std::string op_label(const Graph& graph, size_t op_index) {
  return "op " + std::to_string(op_index) + " (" + readable(graph.ops[op_index].type) + ")";
}

std::string tensor_label(const Graph& graph, int tensor_index) {
  return "tensor " + std::to_string(tensor_index) + " '" + readable(graph.tensor(tensor_index).name) + "'";
}

const std::string& op_name(const Graph& graph, const Op& op) {
  static const std::string kNone;
  return op.outputs.empty() || op.outputs[0] < 0 ? kNone : graph.tensor(op.outputs[0]).name;
}

std::vector<int> producers(const Graph& graph) {
  std::vector<int> by(graph.tensors.size(), -1);
  for (size_t i = 0; i < graph.ops.size(); ++i)
    for (int t : graph.ops[i].outputs)
      if (t >= 0) by[static_cast<size_t>(t)] = static_cast<int>(i);
  return by;
}

std::vector<std::vector<int>> consumers(const Graph& graph) {
  std::vector<std::vector<int>> by(graph.tensors.size());
  for (size_t i = 0; i < graph.ops.size(); ++i)
    for (int t : graph.ops[i].inputs) {
      if (t < 0) continue;
      auto& list = by[static_cast<size_t>(t)];
      if (list.empty() || list.back() != static_cast<int>(i)) list.push_back(static_cast<int>(i));
    }
  return by;
}

}  // namespace narrow
