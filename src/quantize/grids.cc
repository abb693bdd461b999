#include "quantize/grids.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"
#include "ops/def/operand_with.h"
#include "quantize/groups.h"
#include "quantize/layer_constants.h"
#include "quantize/own_ranges.h"
#include "quantize/reaches.h"
#include "quantize/stored_constants.h"

namespace narrow {
namespace {

bool covers(const Grid& grid, const std::optional<Range>& range) {
  if (!range) return true;
  IntegerInterval const q = integer_range(grid.dtype);  // a step more: 1/128 is meant to serve up to 1
  double const scale = static_cast<double>(grid.scale);
  return static_cast<double>(range->lo) >= (q.lo - grid.zero_point - 1) * scale &&
         static_cast<double>(range->hi) <= (q.hi - grid.zero_point + 1) * scale;
}

/// Nodes (a tensor and a width) in groups that share a grid.
class Solver {
 public:
  Solver(const Model& model, const Decisions& decisions, const RangeOf& range_of, const Recipe& recipe,
         const MomentsByTensor* moments)
      : model_(model),
        decisions_(decisions),
        range_of_(range_of),
        recipe_(recipe),
        moments_(moments),
        grids_(model),
        groups_(grids_.nodes()),
        nodes_(grids_.nodes()) {}

  Result<Grids> run() && {
    find_homes();
    measure();
    fix();
    join_same();
    join_links();
    prefer_borders();
    join_inputs_to_outputs();
    mark_forms();
    do NARROW_CHECK(assign());
    while (coarsen_results());
    return std::move(grids_);
  }

 private:
  struct Fixed {
    Grid grid;
    std::string by;
  };
  struct Node {
    bool used = false;
    TensorRef tensor;
    OwnRange own;
    std::optional<Range> span;   // of the group, at its root
    std::optional<Fixed> fixed;  // likewise
    GridForm form;               // likewise
  };

  const Graph& graph(int g) const { return model_.graphs[static_cast<size_t>(g)]; }
  const Tensor& tensor(TensorRef t) const { return graph(t.graph).tensor(t.tensor); }
  bool is_float(TensorRef t) const { return t.tensor != kNoTensor && tensor(t).dtype == DType::float32; }
  Node& root(size_t node) { return nodes_[groups_.root(node)]; }

  template <class F>  // f(graph number, op, decision) for each op of that fate
  void each(Fate fate, F f) {
    for (int g = 0; g < static_cast<int>(model_.graphs.size()); ++g)
      for (size_t i = 0; i < graph(g).ops.size(); ++i)
        if (const Decision& d = decisions_.of(static_cast<size_t>(g), i); d.fate == fate) f(g, graph(g).ops[i], d);
  }
  template <class F>  // f(tensor) for each float operand that is an activation, constants included
  void each_activation(int g, const Op& op, F f) {
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (op.def->quant.role(i) == Role::activation && is_float({g, op.inputs[i]})) f(TensorRef{g, op.inputs[i]});
  }

  void use(TensorRef t, int bits) {
    Node& n = nodes_[grids_.node(t, bits)];
    n.used = true;
    n.tensor = t;
  }
  void live_at(TensorRef t, int bits) {
    grids_.set_home(t, bits);
    use(t, bits);
  }

  void find_homes() {
    for (const Link& link : decisions_.links.all())
      if (link.bits)
        for (TensorRef t : link.writes) live_at(t, link.bits);
    each(Fate::border, [&](int g, const Op& op, const Decision& d) {
      auto const grid = border_grid(graph(g), op, d.bits);
      if (grid && is_float({g, op.outputs[0]})) live_at({g, op.outputs[0]}, grid->dtype == DType::int16 ? 16 : 8);
    });
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      for (int t : op.outputs)
        if (is_float({g, t})) live_at({g, t}, d.bits);
    });
    std::set<TensorRef> given;  // by callers
    for (int g : decisions_.entries)
      for (int t : graph(g).inputs) given.insert({g, t});
    auto read = [&](TensorRef t, int bits) {
      if (given.contains(t) && grids_.home_bits(t) == 0) grids_.set_home(t, bits);
      use(t, bits);
    };
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      each_activation(g, op, [&](TensorRef t) { read(t, d.bits); });
    });
    for (const Link& link : decisions_.links.all())
      for (TensorRef t : link.reads)
        if (link.bits) read(t, link.bits);
    each(Fate::border, [&](int g, const Op& op, const Decision& d) {
      TensorRef const t{g, op.inputs[0]};
      auto const grid = border_grid(graph(g), op, d.bits);
      if (!grid || !is_float(t) || tensor(t).constant) return;
      int const bits = grid->dtype == DType::int16 ? 16 : 8;
      if (grids_.home_bits(t) == bits || given.contains(t)) read(t, bits);
    });
  }

  void measure() {
    std::vector<bool> used;
    for (const Node& n : nodes_) used.push_back(n.used);
    auto ranges = own_ranges(model_, decisions_, grids_, used, range_of_, recipe_);
    for (size_t n = 0; n < nodes_.size(); ++n) {
      nodes_[n].own = std::move(ranges[n]);
      nodes_[n].span = nodes_[n].own.range;
    }
  }

  void fix() {
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::fixed) return;
      FixedScale const f =
          d.settings.power_of_two ? op.def->quant.fixed_power_of_two(d.bits) : op.def->quant.fixed(d.bits);
      for (int t : op.outputs)
        if (is_float({g, t}))
          nodes_[grids_.node({g, t}, d.bits)].fixed =
              Fixed{{activation_type(d.bits), f.scale, f.zero_point}, "fixed for " + op.type};
    });
    each(Fate::border, [&](int g, const Op& op, const Decision& d) {
      TensorRef const t{g, op.outputs[0]};
      if (auto const grid = border_grid(graph(g), op, d.bits); grid && is_float(t))
        nodes_[grids_.node(t, grids_.home_bits(t))].fixed = Fixed{*grid, "kept from the file's " + op.type};
    });
  }

  /// Lets two nodes share a grid where they can; whether they do.
  bool join(size_t a, size_t b) {
    Node left = root(a), right = root(b);
    if (groups_.root(a) == groups_.root(b)) return true;
    if (left.fixed && right.fixed && left.fixed->grid != right.fixed->grid) return false;
    if (left.fixed && !covers(left.fixed->grid, right.span)) return false;
    if (right.fixed && !covers(right.fixed->grid, left.span)) return false;
    groups_.join(a, b);
    root(a).fixed = left.fixed ? left.fixed : right.fixed;
    root(a).span = united(left.span, right.span);
    return true;
  }

  void join_same() {
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::same) return;
      int const first = ruling_result(graph(g), op, d.bits);
      if (first == kNoTensor) return;
      for (int t : op.outputs)
        if (is_float({g, t})) join(grids_.node({g, first}, d.bits), grids_.node({g, t}, d.bits));
      bool const compares = std::find(op.outputs.begin(), op.outputs.end(), first) == op.outputs.end();
      each_activation(g, op, [&](TensorRef t) {
        size_t const ruling = grids_.node({g, first}, d.bits);
        if (!tensor(t).constant)
          join(grids_.node(t, d.bits), ruling);
        else if (compares)
          reach_past(ruling, extent_of(tensor(t)));
      });
    });
  }

  /// Lets a group's grid hold constants that are compared with its values, or what stands for them: a value that none
  /// of those reaches.
  void reach_past(size_t node, const Range& constants) {
    std::optional<Range>& span = root(node).span;
    if (!span) return;
    float const margin = std::max(-span->lo, span->hi) / 1024;
    span = united(span, Range{std::max(constants.lo, span->lo - margin), std::min(constants.hi, span->hi + margin)});
  }

  void join_links() {
    for (const Link& link : decisions_.links.all()) {
      if (!link.bits || link.writes.empty()) continue;
      size_t const first = grids_.node(link.writes.front(), link.bits);
      for (TensorRef t : link.writes) join(first, grids_.node(t, link.bits));
      for (TensorRef t : link.reads)
        if (!tensor(t).constant) join(first, grids_.node(t, link.bits));
    }
  }

  /// What reads the values of a group outside of it.
  struct Readers {
    std::optional<Fixed> border;  // the grid of a border op that rounds them next
    bool others = false;          // anything else, or borders of different grids
  };

  /// Where a border op rounds all values of a group next, its grid becomes the group's, and the op has nothing to do.
  void prefer_borders() {
    std::vector<Readers> readers(nodes_.size());
    auto of = [&](size_t node) -> Readers& { return readers[groups_.root(node)]; };
    auto other = [&](TensorRef t, int bits) { of(grids_.node(t, bits)).others = true; };
    for (int g : decisions_.entries)
      for (int t : graph(g).outputs)
        for (int bits : {8, 16}) other({g, t}, bits);
    each(Fate::real, [&](int g, const Op& op, const Decision&) {
      for (int t : op.inputs)
        if (is_float({g, t}))
          for (int bits : {8, 16}) other({g, t}, bits);
    });
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      int const ruling = ruling_result(graph(g), op, d.bits);
      each_activation(g, op, [&](TensorRef t) {
        bool const inside = ruling != kNoTensor &&
                            groups_.root(grids_.node(t, d.bits)) == groups_.root(grids_.node({g, ruling}, d.bits));
        if (!inside) other(t, d.bits);
      });
    });
    for (const Link& link : decisions_.links.all())
      for (TensorRef t : link.reads)
        if (link.bits &&
            groups_.root(grids_.node(t, link.bits)) != groups_.root(grids_.node(link.writes.front(), link.bits)))
          other(t, link.bits);
    each(Fate::border, [&](int g, const Op& op, const Decision& d) {
      TensorRef const t{g, op.inputs[0]};
      auto const grid = border_grid(graph(g), op, d.bits);
      if (!grid || !is_float(t) || tensor(t).constant) return;
      Readers& r = of(grids_.node(t, grid->dtype == DType::int16 ? 16 : 8));
      if (r.border && r.border->grid != *grid) r.others = true;
      r.border = Fixed{*grid, "kept from the file's " + op.type};
    });
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (groups_.root(n) != n || nodes_[n].fixed || !readers[n].border) continue;
      if (!readers[n].others || covers(readers[n].border->grid, nodes_[n].span)) nodes_[n].fixed = readers[n].border;
    }
  }

  /// A tensor whose grid is fixed is requantized on its way into a concatenation instead of ruling it, unless all its
  /// operands agree.
  void join_inputs_to_outputs() {
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      int const result = ruling_result(graph(g), op, d.bits);
      if (op.def->quant.output(d.bits) != ScaleRule::inputs_as_output || result == kNoTensor) return;
      size_t const out = grids_.node({g, result}, d.bits);
      std::vector<size_t> in;
      each_activation(g, op, [&](TensorRef t) {
        if (!tensor(t).constant) in.push_back(grids_.node(t, d.bits));
      });
      auto same = [&](size_t n) { return root(n).fixed && root(n).fixed->grid == root(in.front()).fixed->grid; };
      bool const agreed = !in.empty() && root(in.front()).fixed && std::all_of(in.begin(), in.end(), same);
      for (size_t n : in)
        if (agreed || !root(n).fixed) join(n, out);
    });
  }

  /// Groups that an op in Qm.n touches are in Qm.n; likewise headroom, which ends where the values of all of the group
  /// do.
  void mark_forms() {
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      auto mark = [&](TensorRef t) {
        Node& n = root(grids_.node(t, d.bits));
        n.form.power_of_two |= d.settings.power_of_two;
        n.form.headroom |= d.settings.headroom && d.bits == 16;
      };
      each_activation(g, op, mark);
      for (int t : op.outputs)
        if (is_float({g, t})) mark({g, t});
    });
    std::vector<std::vector<float>> known;
    for (const Graph& each : model_.graphs) known.push_back(reaches(each));
    std::vector<float> most(nodes_.size(), 0);
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (!nodes_[n].used) continue;
      TensorRef const t = nodes_[n].tensor;
      float& of = most[groups_.root(n)];
      of = std::max(of, known[static_cast<size_t>(t.graph)][static_cast<size_t>(t.tensor)]);
      root(n).form.reach = of;
    }
  }

  /// In Qm.n a layer's result is a right shift of its sums: a result finer than they are gains nothing, and gets their
  /// scale. Whether any was.
  bool coarsen_results() {
    bool changed = false;
    each(Fate::integer, [&](int g, const Op& op, const Decision& d) {
      int const weights = operand_with(op, Role::weight), data = operand_with(op, Role::activation);
      if (!d.settings.power_of_two || weights == kNoTensor) return;
      const Tensor& w = tensor({g, op.inputs[static_cast<size_t>(weights)]});
      Node& result = root(grids_.node({g, op.outputs[0]}, d.bits));
      if (!w.constant || w.dtype != DType::float32 || result.fixed) return;
      LayerForm const form{.axis = op.def->quant.weight_axis,
                           .granularity = d.settings.granularity,
                           .widths = layer_widths(d.settings, d.bits),
                           .input = find(moments_, {g, op.inputs[static_cast<size_t>(data)]})};
      std::vector<float> const scales = weight_scales(w, form);
      float const sums = grids_.at({g, op.inputs[static_cast<size_t>(data)]}, d.bits)->grid.scale *
                         *std::max_element(scales.begin(), scales.end());
      if (grids_.at({g, op.outputs[0]}, d.bits)->grid.scale >= sums) return;
      result.form.least_scale = sums;
      changed = true;
    });
    return changed;
  }

  Status assign() {
    std::vector<std::shared_ptr<std::vector<TensorRef>>> together(nodes_.size());  // by root
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (!nodes_[n].used) continue;
      auto& members = together[groups_.root(n)];
      if (!members) members = std::make_shared<std::vector<TensorRef>>();
      members->push_back(nodes_[n].tensor);
    }
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (!nodes_[n].used) continue;
      int const bits = n % 2 ? 16 : 8;
      Node& group = root(n);
      group.form.bits = bits;
      if (!group.fixed && !group.span) return no_range(nodes_[n].tensor, bits);
      if (!group.fixed && !(std::isfinite(group.span->lo) && std::isfinite(group.span->hi)))
        return fail(ErrorKind::bad_data, "it holds values that are not finite", label(nodes_[n].tensor));
      ChosenGrid chosen{group.fixed ? group.fixed->grid : group.form.grid(*group.span),
                        nodes_[n].own.range,
                        nodes_[n].own.method,
                        nodes_[n].own.cut,
                        group.fixed ? group.fixed->by : "",
                        together[groups_.root(n)],
                        group.form};
      grids_.set(n, std::move(chosen));
    }
    return {};
  }

  std::string label(TensorRef t) const {
    return tensor_label(graph(t.graph), t.tensor) + (t.graph > 0 ? ", graph " + std::to_string(t.graph) : "");
  }

  Status no_range(TensorRef t, int bits) const {
    std::string const where = label(t);
    auto r = range_of_(t, recipe_.base.range, bits);
    if (!r) return pass(std::move(r), where);
    return fail(ErrorKind::bad_data, "calibration saw no values", where);
  }

  const Model& model_;
  const Decisions& decisions_;
  const RangeOf& range_of_;
  const Recipe& recipe_;
  const MomentsByTensor* moments_;
  Grids grids_;
  Groups groups_;
  std::vector<Node> nodes_;
};

}  // namespace

Grids::Grids(const Model& model) {
  size_t count = 0;
  for (const Graph& g : model.graphs) {
    first_.push_back(count);
    count += g.tensors.size();
  }
  home_bits_.resize(count, 0);
  chosen_.resize(count * 2);
}

std::optional<Grid> Grids::home(TensorRef tensor) const {
  int const bits = home_bits(tensor);
  const ChosenGrid* const chosen = bits ? at(tensor, bits) : nullptr;
  return chosen ? std::optional(chosen->grid) : std::nullopt;
}

const ChosenGrid* Grids::at(TensorRef tensor, int bits) const {
  const auto& chosen = chosen_[node(tensor, bits)];
  return chosen ? &*chosen : nullptr;
}

int ruling_result(const Graph& graph, const Op& op, int bits) {
  ScaleRule const rule = op.def->quant.output(bits);
  if (rule != ScaleRule::same && rule != ScaleRule::inputs_as_output) return kNoTensor;
  for (int t : op.outputs)
    if (t != kNoTensor && graph.tensor(t).dtype == DType::float32) return t;
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    int const t = op.inputs[i];
    if (t == kNoTensor || op.def->quant.role(i) != Role::activation) continue;
    if (graph.tensor(t).dtype == DType::float32 && !graph.tensor(t).constant) return t;
  }
  return kNoTensor;
}

Result<Grids> choose_grids(const Model& model, const Decisions& decisions, const RangeOf& range_of,
                           const Recipe& recipe, const MomentsByTensor* moments) {
  return Solver(model, decisions, range_of, recipe, moments).run();
}

}  // namespace narrow
