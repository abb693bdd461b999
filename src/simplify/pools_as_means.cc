#include "simplify/pools_as_means.h"

#include "graph/edit.h"
#include "ops/def/op_def.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

/// Whether an op is a pool whose only window covers all of the data and nothing beside.
bool pools_all(const OpView& op) {
  if (op.op.def != &kAveragePool2d) return false;
  const auto& a = op.attributes<Pool2dAttributes>();
  const Shape& x = op.input(0).shape;
  const Shape& y = op.output().shape;
  return x.rank() == 4 && a.activation == Activation::none && a.filter_h == x[1] && a.filter_w == x[2] && y[1] == 1 &&
         y[2] == 1 && op.input(0).dtype == DType::float32;
}

}  // namespace

std::vector<int> pools_as_means(Model& model, int entry) {
  Graph& graph = model.graphs[static_cast<size_t>(entry)];
  std::vector<int> out;
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    if (!pools_all(OpView{graph, graph.ops[i]})) continue;
    Tensor axes;
    axes.name = graph.tensor(graph.ops[i].outputs.front()).name + "_axes";
    axes.dtype = DType::int32;
    axes.shape = Shape::of({2});
    axes.constant = true;
    axes.data = SharedBytes::copy_of(std::span<const int32_t>(std::array<int32_t, 2>{1, 2}));
    int const t = add_tensor(graph, std::move(axes));
    Op& op = graph.ops[i];
    op.def = &kMean;
    op.type = kMean.name;
    op.attributes = ReduceAttributes{.keep_dims = true};
    op.inputs = {op.inputs.front(), t};
    op.version = 1;
    op.passthrough = {};
    out.push_back(op.outputs.front());
  }
  return out;
}

}  // namespace narrow
