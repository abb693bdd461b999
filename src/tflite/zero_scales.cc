#include "tflite/zero_scales.h"

#include <algorithm>

#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

constexpr float kScale = 0x1p-126f;  // as small as can be: results may have scales as small

bool has_scale_zero(const Tensor& t) {
  return t.quantization.scales == std::vector<float>{0} && t.quantization.zero_point() == 0;
}

bool is_zero(const Tensor& t) {
  auto const bytes = t.data.bytes();
  return t.constant && !bytes.empty() &&
         std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{}; });
}

/// Whether the op reads the tensor as a factor of each of its products, to which it adds nothing.
bool multiplies(const Op& op, int tensor) {
  if (op.def == &kMul) return true;
  bool const biased = op.inputs.size() > 2 && op.inputs[2] != kNoTensor;
  return op.def == &kFullyConnected && !biased && op.inputs[0] == tensor;
}

/// By tensor, whether something reads it that does more than multiply with it.
std::vector<bool> other_uses(const Graph& graph) {
  std::vector<bool> out(graph.tensors.size(), false);
  auto mark = [&](int t) {
    if (t >= 0 && static_cast<size_t>(t) < out.size()) out[static_cast<size_t>(t)] = true;
  };
  for (int const t : graph.outputs) mark(t);
  for (const Op& op : graph.ops)
    for (int const t : op.inputs)
      if (!multiplies(op, t)) mark(t);
  return out;
}

}  // namespace

void give_zeros_a_scale(Graph& graph) {
  std::vector<bool> const others = other_uses(graph);
  for (const Op& op : graph.ops) {
    if (op.def != &kFill || op.inputs.size() != 2 || op.outputs.size() != 1) continue;
    auto exists = [&](int t) { return t >= 0 && static_cast<size_t>(t) < graph.tensors.size(); };
    if (!exists(op.inputs[1]) || !exists(op.outputs[0])) continue;
    Tensor &value = graph.tensor(op.inputs[1]), &filled = graph.tensor(op.outputs[0]);
    if (!has_scale_zero(filled) || !is_zero(value) || others[static_cast<size_t>(op.outputs[0])]) continue;
    filled.quantization.scales = {kScale};
    if (has_scale_zero(value)) value.quantization.scales = {kScale};
  }
}

}  // namespace narrow
