#include "quantize/choose_grids.h"

#include <algorithm>
#include <numeric>

#include "ops/op_def.h"

namespace narrow {
namespace {

/// Sets of nodes that share a grid.
class Groups {
 public:
  explicit Groups(size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), size_t{0}); }
  size_t root(size_t n) {
    while (parent_[n] != n) n = parent_[n] = parent_[parent_[n]];
    return n;
  }
  // The smaller root stays, so that the result does not depend on the order of joining.
  void join(size_t a, size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<size_t> parent_;
};

struct Solver {
  const Graph& graph;
  const std::vector<Decision>& decisions;
  const RangeOf& range_of;
  const Recipe& recipe;
  Grids grids;
  Groups groups;
  std::vector<std::optional<Grid>> fixed;  // per node
  std::vector<bool> used;                  // per node
  std::vector<int> producer;

  Solver(const Model& model, const std::vector<Decision>& d, const RangeOf& r, const Recipe& rec)
      : graph(model.main()),
        decisions(d),
        range_of(r),
        recipe(rec),
        grids(graph.tensors.size()),
        groups(graph.tensors.size() * 2),
        fixed(graph.tensors.size() * 2),
        used(graph.tensors.size() * 2),
        producer(producers(graph)) {}

  bool is_float(int t) const { return t != kNoTensor && graph.tensor(t).dtype == DType::float32; }

  template <class F>  // f(op, decision) for each quantized op
  void each(F f) {
    for (size_t i = 0; i < graph.ops.size(); ++i)
      if (decisions[i].quantized) f(graph.ops[i], decisions[i]);
  }

  template <class F>  // f(tensor) for each computed or constant activation operand
  void each_activation(const Op& op, F f) {
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (op.def->quant.role(i) == Role::activation && is_float(op.inputs[i])) f(op.inputs[i]);
  }

  void find_homes() {
    each([&](const Op& op, const Decision& d) {
      for (int t : op.outputs)
        if (is_float(t)) set_home(t, d.bits);
      each_activation(op, [&](int t) {
        used[Grids::node(t, d.bits)] = true;
        bool const input = producer[static_cast<size_t>(t)] < 0 && !graph.tensor(t).constant;
        if (input && grids.home_bits_[static_cast<size_t>(t)] == 0) set_home(t, d.bits);
      });
    });
  }
  void set_home(int t, int bits) {
    grids.home_bits_[static_cast<size_t>(t)] = bits;
    used[Grids::node(t, bits)] = true;
  }

  void fix_and_join() {
    each([&](const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::fixed) return;
      const FixedScale& f = op.def->quant.fixed(d.bits);
      for (int t : op.outputs) fixed[Grids::node(t, d.bits)] = Grid{activation_type(d.bits), f.scale, f.zero_point};
    });
    each([&](const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::same) return;
      for (int t : op.outputs)
        if (is_float(t)) join(Grids::node(op.inputs[first_activation(op)], d.bits), Grids::node(t, d.bits));
    });
    // A tensor whose grid is fixed is requantized on its way into a concatenation instead of ruling it.
    each([&](const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::inputs_as_output) return;
      size_t const out = Grids::node(op.outputs[0], d.bits);
      each_activation(op, [&](int t) {
        size_t const in = Grids::node(t, d.bits);
        if (!graph.tensor(t).constant && !fixed[groups.root(in)]) join(in, out);
      });
    });
  }
  size_t first_activation(const Op& op) const {
    size_t i = 0;
    while (op.def->quant.role(i) != Role::activation) ++i;
    return i;
  }
  void join(size_t a, size_t b) {
    std::optional<Grid> const grid = fixed[groups.root(a)] ? fixed[groups.root(a)] : fixed[groups.root(b)];
    groups.join(a, b);
    fixed[groups.root(a)] = grid;
  }

  Result<Range> range(int t, int bits) {
    const Tensor& tensor = graph.tensor(t);
    int const by = producer[static_cast<size_t>(t)];
    if (tensor.constant) {
      Range r;
      for (float v : tensor.values<float>()) r = {std::min(r.lo, v), std::max(r.hi, v)};
      return r;
    }
    Settings const s =
        by >= 0 ? decisions[static_cast<size_t>(by)].settings : recipe.settings(tensor.name, "", Role::activation);
    return range_of(t, s.range, bits);
  }

  Status assign() {
    std::vector<std::optional<Range>> spans(used.size());  // per root
    auto each_used = [&](auto f) -> Status {
      for (size_t n = 0; n < used.size(); ++n)
        if (used[n]) NARROW_CHECK(f(n, static_cast<int>(n / 2), n % 2 ? 16 : 8));
      return {};
    };
    NARROW_CHECK(each_used([&](size_t n, int t, int bits) -> Status {
      std::optional<Range>& span = spans[groups.root(n)];
      if (fixed[groups.root(n)]) return {};
      auto r = range(t, bits);
      if (!r) return pass(std::move(r), tensor_label(graph, t));
      span = span ? Range{std::min(span->lo, r->lo), std::max(span->hi, r->hi)} : *r;
      return {};
    }));
    return each_used([&](size_t n, int, int bits) -> Status {
      size_t const root = groups.root(n);
      grids.by_node_[n] = fixed[root] ? *fixed[root] : activation_grid(*spans[root], bits);
      return {};
    });
  }
};

}  // namespace

std::optional<Grid> Grids::home(int tensor) const {
  int const bits = home_bits_[static_cast<size_t>(tensor)];
  return bits ? at(tensor, bits) : std::nullopt;
}

Result<Grids> choose_grids(const Model& model, const std::vector<Decision>& decisions, const RangeOf& range_of,
                           const Recipe& recipe) {
  Solver solver(model, decisions, range_of, recipe);
  solver.find_homes();
  solver.fix_and_join();
  NARROW_CHECK(solver.assign());
  return std::move(solver.grids);
}

}  // namespace narrow
