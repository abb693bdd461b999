#include "quantize/plan/shape_ops.h"

#include <algorithm>

#include "ops/def/op_def.h"

namespace narrow {

bool follows_from_shapes(const Graph& graph, const Op& op) {
  auto known = [&](int t) { return t == kNoTensor || graph.tensor(t).known(); };
  return !op.outputs.empty() && std::all_of(op.inputs.begin(), op.inputs.end(), known) &&
         std::all_of(op.outputs.begin(), op.outputs.end(), [&](int t) { return graph.tensor(t).from_shapes; });
}

std::vector<bool> leads_to_shape(const Graph& graph) {
  std::vector<bool> wanted(graph.tensors.size(), false), out(graph.ops.size(), false);
  for (size_t i = graph.ops.size(); i-- > 0;) {
    const Op& op = graph.ops[i];
    out[i] = follows_from_shapes(graph, op) &&
             std::any_of(op.outputs.begin(), op.outputs.end(), [&](int t) { return wanted[static_cast<size_t>(t)]; });
    for (size_t k = 0; k < op.inputs.size(); ++k)
      if (op.inputs[k] != kNoTensor && (out[i] || (op.def && op.def->quant.role(k) == Role::index)))
        wanted[static_cast<size_t>(op.inputs[k])] = true;
  }
  return out;
}

}  // namespace narrow
