#include <vector>

#include "graph/unpacked.h"
#include "ops/def/op_def.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

/// By tensor, whether something reads it as anything but weights.
std::vector<bool> read_otherwise(const Graph& graph) {
  std::vector<bool> out(graph.tensors.size(), false);
  for (const Op& op : graph.ops)
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (op.inputs[i] != kNoTensor && !(op.def && op.def->quant.role(i) == Role::weight))
        out[static_cast<size_t>(op.inputs[i])] = true;
  for (int t : graph.outputs) out[static_cast<size_t>(t)] = true;
  return out;
}

}  // namespace

void pack_weights(Model& model) {
  for (Graph& graph : model.graphs) {
    std::vector<bool> const otherwise = read_otherwise(graph);
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      Tensor& tensor = graph.tensors[t];
      if (!tensor.four_bits) continue;
      if (otherwise[t])
        tensor.four_bits = false;
      else
        tensor = packed(tensor);
    }
  }
}

void forget_four_bits(Model& model) {
  for (Graph& graph : model.graphs)
    for (Tensor& tensor : graph.tensors) tensor.four_bits = false;
}

}  // namespace narrow
