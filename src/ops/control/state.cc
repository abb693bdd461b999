#include "ops/control/state.h"

#include <algorithm>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {
namespace {

bool has_state(const Graph& graph) {
  for (size_t t = 0; t < graph.tensors.size(); ++t)
    if (graph.tensors[t].variable &&
        std::find(graph.inputs.begin(), graph.inputs.end(), static_cast<int>(t)) == graph.inputs.end())
      return true;
  return std::any_of(graph.ops.begin(), graph.ops.end(),
                     [](const Op& op) { return variable_use(op) == VariableUse::assign; });
}

}  // namespace

int first_value(const Tensor& variable) {
  bool const centred = variable.dtype != DType::int8 || variable.quantization.scales.size() != 1;
  return centred ? 0 : static_cast<int>(variable.quantization.zero_point());
}

bool keeps_state(const Model& model, int entry) {
  std::vector<bool> visited(model.graphs.size(), false);
  std::vector<int> open{entry};
  while (!open.empty()) {
    auto const g = static_cast<size_t>(open.back());
    open.pop_back();
    if (visited[g]) continue;
    visited[g] = true;
    if (has_state(model.graphs[g])) return true;
    for (const Op& op : model.graphs[g].ops)
      if (!op.def || !op.def->runs_once) open.insert(open.end(), op.graphs.begin(), op.graphs.end());
  }
  return false;
}

}  // namespace narrow
