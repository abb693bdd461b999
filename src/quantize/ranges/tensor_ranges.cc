#include "quantize/ranges/tensor_ranges.h"

#include <algorithm>

#include "ops/def/op_def.h"

namespace narrow {
namespace {

/// What the readers of a tensor tell apart.
struct Told {
  bool all = false;
  std::optional<Range> range;
};

class Ranges {
 public:
  Ranges(const Model& model, const Decisions& decisions, const ActivationParams& nodes)
      : model_(model), decisions_(decisions), nodes_(nodes), out_(nodes.nodes()) {}

  void measure(const std::vector<bool>& used, const RangeOf& range_of, const Recipe& recipe) {
    for (int g = 0; g < graphs(); ++g) {
      std::vector<int> const by = producers(graph(g));
      for (int t = 0; t < static_cast<int>(by.size()); ++t) {
        int const maker = by[static_cast<size_t>(t)];
        Settings const s = maker >= 0 ? decisions_.of(static_cast<size_t>(g), static_cast<size_t>(maker)).settings
                                      : recipe.settings(graph(g).tensor(t).name, "", Role::activation);
        for (int bits : {8, 16})
          if (used[nodes_.node({g, t}, bits)]) measure({g, t}, bits, range_of, s.range);
      }
    }
  }

  /// Where only ops that clamp read a tensor, its range ends where their results' do. From the last op to the first, as
  /// a result that is cut lets less through.
  void cut() {
    for (int g = 0; g < graphs(); ++g) {
      std::vector<Told> told(graph(g).tensors.size());
      for (int t : graph(g).outputs) told[static_cast<size_t>(t)].all = true;
      for (size_t i = graph(g).ops.size(); i-- > 0;) {
        const Op& op = graph(g).ops[i];
        for (int t : op.outputs) cut({g, t}, told);
        std::optional<Range> const passed = let_through(g, i);
        for (int t : op.inputs) {
          if (t == kNoTensor) continue;
          Told& of = told[static_cast<size_t>(t)];
          of.all |= !passed;
          of.range = union_of(of.range, passed);
        }
      }
      for (int t : graph(g).inputs) cut({g, t}, told);
    }
  }

  std::vector<TensorRange> take() { return std::move(out_); }

 private:
  int graphs() const { return static_cast<int>(model_.graphs.size()); }
  const Graph& graph(int g) const { return model_.graphs[static_cast<size_t>(g)]; }

  void measure(TensorRef t, int bits, const RangeOf& range_of, const std::string& method) {
    TensorRange& own = out_[nodes_.node(t, bits)];
    const Tensor& tensor = graph(t.graph).tensor(t.tensor);
    if (tensor.constant)
      own = {range_of_constant(tensor), "its values"};
    else if (auto r = range_of(t, method, bits))
      own = {*r, method};
  }

  /// What an op lets through of its operands; nothing where that is not bounded.
  std::optional<Range> let_through(int g, size_t index) const {
    const Op& op = graph(g).ops[index];
    const Decision& d = decisions_.of(static_cast<size_t>(g), index);
    if (d.placement != Placement::integer || !op.def->quant.clamps) return std::nullopt;
    return out_[nodes_.node({g, op.outputs[0]}, d.bits)].range;
  }

  void cut(TensorRef t, const std::vector<Told>& told) {
    if (t.tensor == kNoTensor) return;
    const Told& by = told[static_cast<size_t>(t.tensor)];
    if (by.all || !by.range) return;
    for (int bits : {8, 16}) {
      TensorRange& own = out_[nodes_.node(t, bits)];
      if (!own.range) continue;
      Range const inside{std::max(own.range->lo, by.range->lo), std::min(own.range->hi, by.range->hi)};
      own.cut = inside != *own.range;
      own.range = inside;
    }
  }

  const Model& model_;
  const Decisions& decisions_;
  const ActivationParams& nodes_;
  std::vector<TensorRange> out_;
};

}  // namespace

std::vector<TensorRange> tensor_ranges(const Model& model, const Decisions& decisions, const ActivationParams& nodes,
                                       const std::vector<bool>& used, const RangeOf& range_of, const Recipe& recipe) {
  Ranges ranges(model, decisions, nodes);
  ranges.measure(used, range_of, recipe);
  ranges.cut();
  return ranges.take();
}

}  // namespace narrow
