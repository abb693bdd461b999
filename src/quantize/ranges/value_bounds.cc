#include "quantize/ranges/value_bounds.h"

#include <algorithm>
#include <limits>

#include "ops/def/op_def.h"
#include "ops/def/shared_attributes.h"
#include "quantize/params.h"

namespace narrow {
namespace {

constexpr float kUnbounded = std::numeric_limits<float>::infinity();

/// The farthest from zero that a result of the op can be; `known` has that of the tensors before it.
float bound_of_results(const Graph& graph, const Op& op, const std::vector<float>& known) {
  if (!op.def) return kUnbounded;
  switch (op.def->acts_as == Activation::none ? stated_activation(op) : op.def->acts_as) {
    case Activation::relu6:
      return 6;
    case Activation::relu_n1_to_1:
    case Activation::tanh:
      return 1;
    default:
      break;
  }
  if (op.def->quant.output(16) == ScaleRule::fixed) return op.def->quant.fixed(16).scale * 0x1p15F;
  if (!op.def->quant.results_are_operand_values()) return kUnbounded;
  float most = 0;
  for (size_t i = 0; i < op.inputs.size(); ++i)
    if (op.inputs[i] != kNoTensor && graph.tensor(op.inputs[i]).dtype == DType::float32)
      most = std::max(most, known[static_cast<size_t>(op.inputs[i])]);
  return most;
}

/// Where only ops that clamp read a tensor, values beyond the reach of their results make no difference.
void cut(const Graph& graph, std::vector<float>& out) {
  std::vector<float> told(out.size(), 0);  // how far readers tell values apart
  for (int t : graph.outputs) told[static_cast<size_t>(t)] = kUnbounded;
  auto cut_one = [&](int t) {
    if (t != kNoTensor)
      out[static_cast<size_t>(t)] = std::min(out[static_cast<size_t>(t)], told[static_cast<size_t>(t)]);
  };
  for (auto op = graph.ops.rbegin(); op != graph.ops.rend(); ++op) {
    for (int t : op->outputs) cut_one(t);
    bool const clamps = op->def && op->def->quant.clamps;
    float const passed = clamps ? out[static_cast<size_t>(op->outputs[0])] : kUnbounded;
    for (int t : op->inputs)
      if (t != kNoTensor) told[static_cast<size_t>(t)] = std::max(told[static_cast<size_t>(t)], passed);
  }
  for (int t : graph.inputs) cut_one(t);
}

}  // namespace

std::vector<float> value_bounds(const Graph& graph) {
  std::vector<float> out(graph.tensors.size(), kUnbounded);
  for (size_t t = 0; t < out.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    if (!tensor.constant || tensor.opaque || tensor.dtype != DType::float32) continue;
    Range const r = range_of_constant(tensor);
    out[t] = std::max(-r.lo, r.hi);
  }
  for (const Op& op : graph.ops)
    for (int t : op.outputs)
      if (t != kNoTensor) out[static_cast<size_t>(t)] = bound_of_results(graph, op, out);
  cut(graph, out);
  return out;
}

}  // namespace narrow
