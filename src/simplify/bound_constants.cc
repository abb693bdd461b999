#include <algorithm>
#include <cmath>
#include <vector>

#include "ops/def/op_def.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

/// Far enough to act as infinity in masks and pads; sums and small multiples of it are finite.
constexpr float kFarthest = 0x1p96F;

/// Constants that ops of the graph read as activations and nothing else, and that are no outputs.
std::vector<bool> read_as_activations(const Graph& graph) {
  std::vector<bool> as_activation(graph.tensors.size(), false), otherwise(graph.tensors.size(), false);
  for (int t : graph.outputs) otherwise[static_cast<size_t>(t)] = true;
  for (const Op& op : graph.ops)
    for (size_t k = 0; k < op.inputs.size(); ++k) {
      if (op.inputs[k] == kNoTensor) continue;
      bool const activation = op.def && op.def->quant.role(k) == Role::activation;
      (activation ? as_activation : otherwise)[static_cast<size_t>(op.inputs[k])] = true;
    }
  for (size_t t = 0; t < as_activation.size(); ++t) as_activation[t] = as_activation[t] && !otherwise[t];
  return as_activation;
}

void bound(Tensor& constant) {
  auto const values = constant.values<float>();
  if (std::ranges::none_of(values, [](float v) { return std::abs(v) > kFarthest; })) return;
  std::vector<float> bounded(values.begin(), values.end());
  for (float& v : bounded)
    if (std::abs(v) > kFarthest) v = std::copysign(kFarthest, v);
  constant.data = SharedBytes::copy_of(std::span<const float>(bounded));
}

}  // namespace

Result<Model> bound_constants(Model model) {
  for (Graph& graph : model.graphs) {
    std::vector<bool> const candidates = read_as_activations(graph);
    for (size_t t = 0; t < candidates.size(); ++t) {
      Tensor& tensor = graph.tensors[t];
      if (candidates[t] && tensor.constant && !tensor.opaque && tensor.dtype == DType::float32) bound(tensor);
    }
  }
  return model;
}

}  // namespace narrow
