#include "quantize/plan/tensor_ranges.h"

#include <algorithm>

#include "quantize/plan/far_values.h"

namespace narrow {
namespace {

TensorRange range_by_itself(const PlacedModel& placed, TensorRef t, int bits, const RangeOf& range_of,
                            const std::string& method) {
  const Tensor& tensor = placed.tensor(t);
  if (tensor.constant) return {.range = range_of_constant(tensor), .method = "its values"};
  auto range = range_of(t, method, bits);
  if (!range) return {.error = std::move(range.error())};
  return {.range = *range, .method = method};
}

std::vector<TensorRange> measure(const PlacedModel& placed, const TensorWidths& widths, const RangeOf& range_of,
                                 const Recipe& recipe) {
  std::vector<TensorRange> out(widths.nodes());
  for (int g = 0; g < placed.graphs(); ++g) {
    std::vector<int> const by = producers(placed.graph(g));
    for (int t = 0; t < static_cast<int>(by.size()); ++t) {
      int const producer = by[static_cast<size_t>(t)];
      Settings const settings =
          producer >= 0 ? placed.decisions.of(static_cast<size_t>(g), static_cast<size_t>(producer)).settings
                        : recipe.settings(placed.graph(g).tensor(t).name, "", Role::activation);
      for (int bits : {8, 16})
        if (size_t const n = widths.node({g, t}, bits); widths.used(n))
          out[n] = range_by_itself(placed, {g, t}, bits, range_of, settings.range);
    }
  }
  return out;
}

/// What the readers of a tensor let through.
struct LetThrough {
  bool everything = false;  // some reader does not clamp
  std::optional<Range> range;
};

/// What an op lets through of its operands; empty where it does not clamp.
std::optional<Range> let_through(const PlacedModel& placed, const TensorWidths& widths,
                                 const std::vector<TensorRange>& ranges, int g, size_t index) {
  const Op& op = placed.graph(g).ops[index];
  const Decision& d = placed.decisions.of(static_cast<size_t>(g), index);
  if (d.placement != Placement::integer || !op.def->quant.clamps) return std::nullopt;
  return ranges[widths.node({g, op.outputs[0]}, d.bits)].range;
}

void cut(TensorRange& own, const LetThrough& by) {
  if (by.everything || !by.range || !own.range) return;
  Range const inside{std::max(own.range->lo, by.range->lo), std::min(own.range->hi, by.range->hi)};
  own.cut = inside != *own.range;
  own.range = inside;
}

/// Cuts the ranges of one graph, from the last op to the first: a result that is cut lets less through in turn.
void cut_graph(const PlacedModel& placed, const TensorWidths& widths, int g, std::vector<TensorRange>& ranges) {
  const Graph& graph = placed.graph(g);
  std::vector<LetThrough> readers(graph.tensors.size());
  auto cut_both = [&](int t) {
    if (t == kNoTensor) return;
    for (int bits : {8, 16}) cut(ranges[widths.node({g, t}, bits)], readers[static_cast<size_t>(t)]);
  };
  for (int t : graph.outputs) readers[static_cast<size_t>(t)].everything = true;
  for (size_t i = graph.ops.size(); i-- > 0;) {
    for (int t : graph.ops[i].outputs) cut_both(t);
    std::optional<Range> const passed = let_through(placed, widths, ranges, g, i);
    for (int t : graph.ops[i].inputs) {
      if (t == kNoTensor) continue;
      LetThrough& of = readers[static_cast<size_t>(t)];
      of.everything |= !passed;
      of.range = union_of(of.range, passed);
    }
  }
  for (int t : graph.inputs) cut_both(t);
}

}  // namespace

std::vector<TensorRange> tensor_ranges(const PlacedModel& placed, const TensorWidths& widths, const RangeOf& range_of,
                                       const Recipe& recipe) {
  std::vector<TensorRange> out = measure(placed, widths, range_of, recipe);
  for (int g = 0; g < placed.graphs(); ++g) {
    cut_far_values(placed, widths, g, out);
    cut_graph(placed, widths, g, out);
  }
  return out;
}

}  // namespace narrow
