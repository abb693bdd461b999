#include "quantize/plan/placed_model.h"

namespace narrow {

int scale_source(const Graph& graph, const Op& op, int bits) {
  ScaleRule const rule = op.def->quant.output(bits);
  if (rule != ScaleRule::same && rule != ScaleRule::inputs_as_output) return kNoTensor;
  for (int t : op.outputs)
    if (t != kNoTensor && graph.tensor(t).dtype == DType::float32) return t;
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    int const t = op.inputs[i];
    if (t == kNoTensor || op.def->quant.role(i) != Role::activation) continue;
    if (graph.tensor(t).dtype == DType::float32 && !graph.tensor(t).constant) return t;
  }
  return kNoTensor;
}

}  // namespace narrow
