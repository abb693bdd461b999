#include <optional>

#include "ops/check/validate.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "simplify/passes.h"
#include "simplify/readers.h"

namespace narrow {
namespace {

bool same_type(const Tensor& a, const Tensor& b) {
  return a.dtype == b.dtype && a.quantization == b.quantization;
}

/// One spatial dimension of the three ops.
struct Span {
  int64_t in, out;  // of the first op's operand and the last one's result
  int64_t filter;   // taps
  int64_t block;    // distance of the taps in the end
  int64_t first;    // elements before the data at which the first window begins
};

/// The padding under which a layer with that distance between its taps computes both dimensions.
std::optional<Padding> padding_of(const Span& h, const Span& w) {
  auto reach = [](const Span& s) { return (s.filter - 1) * s.block; };
  auto valid = [&](const Span& s) { return s.first == 0 && s.out == s.in - reach(s); };
  auto same = [&](const Span& s) { return s.first == reach(s) / 2 && s.out == s.in; };
  if (valid(h) && valid(w)) return Padding::valid;
  if (same(h) && same(w)) return Padding::same;
  return std::nullopt;
}

/// Dilates a layer that walks every element without padding; false where it does not.
template <class Layer>
bool dilate(Op& layer, const Blocks& b, Padding padding) {
  auto* a = layer.attributes.edit<Layer>();
  if (!a || a->padding != Padding::valid || a->stride_h != 1 || a->stride_w != 1 || a->dilation_h != 1 ||
      a->dilation_w != 1)
    return false;
  a->dilation_h = static_cast<int>(b.rows);
  a->dilation_w = static_cast<int>(b.columns);
  a->padding = padding;
  return true;
}

/// The three ops as one layer, or nothing where it would not compute the same.
std::optional<Op> dilated(const Graph& graph, const Op& apart, const Op& layer, const Op& together) {
  if (layer.def != &kConv2d && layer.def != &kDepthwiseConv2d) return std::nullopt;
  if (together.def != &kBatchToSpaceNd || layer.inputs[0] != apart.outputs[0] || together.inputs[0] != layer.outputs[0])
    return std::nullopt;
  for (const Op* op : {&apart, &layer, &together})
    if (!check_computable(graph, *op)) return std::nullopt;
  auto const before = blocks_of(OpView{graph, apart}), after = blocks_of(OpView{graph, together});
  const Tensor &in = graph.tensor(apart.inputs[0]), &out = graph.tensor(together.outputs[0]);
  const Shape& weights = graph.tensor(layer.inputs[1]).shape;
  bool const fits = before && after && before->rows == after->rows && before->columns == after->columns &&
                    in.shape.rank() == 4 && same_type(in, graph.tensor(apart.outputs[0])) &&
                    same_type(out, graph.tensor(layer.outputs[0]));
  if (!fits) return std::nullopt;
  auto const padding = padding_of({in.shape[1], out.shape[1], weights[1], before->rows, before->top - after->top},
                                  {in.shape[2], out.shape[2], weights[2], before->columns, before->left - after->left});
  Op op = layer;
  if (!padding ||
      !(dilate<Conv2dAttributes>(op, *before, *padding) || dilate<DepthwiseConv2dAttributes>(op, *before, *padding)))
    return std::nullopt;
  op.inputs[0] = apart.inputs[0];
  op.outputs = together.outputs;
  op.version = std::max(op.version, least_version(OpView{graph, op}));
  return check_computable(graph, op) ? std::optional(std::move(op)) : std::nullopt;
}

void fold_in(Graph& graph) {
  std::vector<int> const readers = only_readers(graph);
  auto reader = [&](const Op& op) { return op.outputs.size() == 1 ? readers[static_cast<size_t>(op.outputs[0])] : -1; };
  std::vector<bool> gone(graph.ops.size(), false);
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    if (graph.ops[i].def != &kSpaceToBatchNd || reader(graph.ops[i]) < 0) continue;
    auto const layer = static_cast<size_t>(reader(graph.ops[i]));
    if (reader(graph.ops[layer]) < 0) continue;
    auto const last = static_cast<size_t>(reader(graph.ops[layer]));
    auto op = dilated(graph, graph.ops[i], graph.ops[layer], graph.ops[last]);
    if (!op) continue;
    graph.ops[last] = std::move(*op);
    gone[i] = gone[layer] = true;
  }
  std::vector<Op> kept;
  for (size_t i = 0; i < gone.size(); ++i)
    if (!gone[i]) kept.push_back(std::move(graph.ops[i]));
  graph.ops = std::move(kept);
}

}  // namespace

Result<Model> fold_dilations(Model model) {
  for (Graph& graph : model.graphs) fold_in(graph);
  return model;
}

}  // namespace narrow
