#include "ops/def/op_def.h"
#include "ops/def/shared_attributes.h"
#include "simplify/passes.h"
#include "simplify/readers.h"

namespace narrow {
namespace {

bool is_float(const Tensor& t) {
  return t.dtype == DType::float32;
}

void fuse(Graph& graph) {
  std::vector<int> const readers = only_readers(graph);
  std::vector<bool> gone(graph.ops.size(), false);
  for (Op& op : graph.ops) {
    // An op that hands its operand's scale on would spend codes on values that the activation takes away.
    if (!op.def || op.def->quant.output8 != ScaleRule::free) continue;
    if (fused_activation(op) != Activation::none) continue;
    int const reader = readers[static_cast<size_t>(op.outputs[0])];
    if (reader < 0) continue;
    const Op& next = graph.ops[static_cast<size_t>(reader)];
    Activation const activation = next.def ? next.def->acts_as : Activation::none;
    if (activation == Activation::none || !is_float(graph.tensor(op.outputs[0])) ||
        !is_float(graph.tensor(next.outputs[0])))
      continue;
    fuse_activation(op, activation);
    op.outputs[0] = next.outputs[0];
    gone[static_cast<size_t>(reader)] = true;
  }
  std::vector<Op> kept;
  for (size_t i = 0; i < gone.size(); ++i)
    if (!gone[i]) kept.push_back(std::move(graph.ops[i]));
  graph.ops = std::move(kept);
}

}  // namespace

Result<Model> fuse_activations(Model model) {
  for (Graph& graph : model.graphs) fuse(graph);
  return model;
}

}  // namespace narrow
