#include "quantize/plan/activation_params.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"
#include "ops/def/operand_with.h"
#include "quantize/plan/disjoint_sets.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/ranges/tensor_ranges.h"
#include "quantize/ranges/value_bounds.h"
#include "quantize/weights/scales.h"

namespace narrow {
namespace {

bool covers(const QuantParams& params, const std::optional<Range>& range) {
  if (!range) return true;
  IntegerInterval const q = integer_range(params.dtype);  // a step more: 1/128 is meant to serve up to 1
  double const scale = static_cast<double>(params.scale);
  return static_cast<double>(range->lo) >= (q.lo - params.zero_point - 1) * scale &&
         static_cast<double>(range->hi) <= (q.hi - params.zero_point + 1) * scale;
}

/// Nodes (a tensor and a width) in groups that share a params.
class Solver {
 public:
  Solver(const Model& model, const Decisions& decisions, const RangeOf& range_of, const Recipe& recipe,
         const MomentsByTensor* moments)
      : model_(model),
        decisions_(decisions),
        range_of_(range_of),
        recipe_(recipe),
        moments_(moments),
        activations_(model),
        groups_(activations_.nodes()),
        nodes_(activations_.nodes()) {}

  Result<ActivationParams> run() && {
    find_canonical();
    measure();
    fix();
    join_same();
    join_tied();
    prefer_borders();
    join_inputs_to_outputs();
    mark_forms();
    do NARROW_CHECK(assign());
    while (coarsen_results());
    return std::move(activations_);
  }

 private:
  struct Fixed {
    QuantParams params;
    std::string by;
  };
  struct Node {
    bool used = false;
    TensorRef tensor;
    TensorRange own;
    std::optional<Range> span;   // of the group, at its root
    std::optional<Fixed> fixed;  // likewise
    ParamsRule rule;             // likewise
  };

  const Graph& graph(int g) const { return model_.graphs[static_cast<size_t>(g)]; }
  const Tensor& tensor(TensorRef t) const { return graph(t.graph).tensor(t.tensor); }
  bool is_float(TensorRef t) const { return t.tensor != kNoTensor && tensor(t).dtype == DType::float32; }
  Node& root(size_t node) { return nodes_[groups_.root(node)]; }

  template <class F>  // f(graph number, op, decision) for each op of that placement
  void each(Placement placement, F f) {
    for (int g = 0; g < static_cast<int>(model_.graphs.size()); ++g)
      for (size_t i = 0; i < graph(g).ops.size(); ++i)
        if (const Decision& d = decisions_.of(static_cast<size_t>(g), i); d.placement == placement)
          f(g, graph(g).ops[i], d);
  }
  template <class F>  // f(tensor) for each float operand that is an activation, constants included
  void each_activation(int g, const Op& op, F f) {
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (op.def->quant.role(i) == Role::activation && is_float({g, op.inputs[i]})) f(TensorRef{g, op.inputs[i]});
  }

  void use(TensorRef t, int bits) {
    Node& n = nodes_[activations_.node(t, bits)];
    n.used = true;
    n.tensor = t;
  }
  void make_canonical(TensorRef t, int bits) {
    activations_.set_canonical(t, bits);
    use(t, bits);
  }

  void find_canonical() {
    for (const TiedGroup& group : decisions_.tied.all())
      if (group.bits)
        for (TensorRef t : group.writes) make_canonical(t, group.bits);
    each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
      auto const params = conversion_params(graph(g), op, d.bits);
      if (params && is_float({g, op.outputs[0]}))
        make_canonical({g, op.outputs[0]}, params->dtype == DType::int16 ? 16 : 8);
    });
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      for (int t : op.outputs)
        if (is_float({g, t})) make_canonical({g, t}, d.bits);
    });
    std::set<TensorRef> given;  // by callers
    for (int g : decisions_.entries)
      for (int t : graph(g).inputs) given.insert({g, t});
    auto read = [&](TensorRef t, int bits) {
      if (given.contains(t) && activations_.canonical_bits(t) == 0) activations_.set_canonical(t, bits);
      use(t, bits);
    };
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      each_activation(g, op, [&](TensorRef t) { read(t, d.bits); });
    });
    for (const TiedGroup& group : decisions_.tied.all())
      for (TensorRef t : group.reads)
        if (group.bits) read(t, group.bits);
    each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
      TensorRef const t{g, op.inputs[0]};
      auto const params = conversion_params(graph(g), op, d.bits);
      if (!params || !is_float(t) || tensor(t).constant) return;
      int const bits = params->dtype == DType::int16 ? 16 : 8;
      if (activations_.canonical_bits(t) == bits || given.contains(t)) read(t, bits);
    });
  }

  void measure() {
    std::vector<bool> used;
    for (const Node& n : nodes_) used.push_back(n.used);
    auto ranges = tensor_ranges(model_, decisions_, activations_, used, range_of_, recipe_);
    for (size_t n = 0; n < nodes_.size(); ++n) {
      nodes_[n].own = std::move(ranges[n]);
      nodes_[n].span = nodes_[n].own.range;
    }
  }

  void fix() {
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::fixed) return;
      FixedScale const f =
          d.settings.power_of_two ? op.def->quant.fixed_power_of_two(d.bits) : op.def->quant.fixed(d.bits);
      for (int t : op.outputs)
        if (is_float({g, t}))
          nodes_[activations_.node({g, t}, d.bits)].fixed =
              Fixed{{activation_type(d.bits), f.scale, f.zero_point}, "fixed for " + op.type};
    });
    each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
      TensorRef const t{g, op.outputs[0]};
      if (auto const params = conversion_params(graph(g), op, d.bits); params && is_float(t))
        nodes_[activations_.node(t, activations_.canonical_bits(t))].fixed =
            Fixed{*params, "kept from the file's " + op.type};
    });
  }

  /// Lets two nodes share a params where they can; whether they do.
  bool join(size_t a, size_t b) {
    Node left = root(a), right = root(b);
    if (groups_.root(a) == groups_.root(b)) return true;
    if (left.fixed && right.fixed && left.fixed->params != right.fixed->params) return false;
    if (left.fixed && !covers(left.fixed->params, right.span)) return false;
    if (right.fixed && !covers(right.fixed->params, left.span)) return false;
    groups_.join(a, b);
    root(a).fixed = left.fixed ? left.fixed : right.fixed;
    root(a).span = union_of(left.span, right.span);
    return true;
  }

  void join_same() {
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::same) return;
      int const first = scale_source(graph(g), op, d.bits);
      if (first == kNoTensor) return;
      for (int t : op.outputs)
        if (is_float({g, t})) join(activations_.node({g, first}, d.bits), activations_.node({g, t}, d.bits));
      bool const compares = std::find(op.outputs.begin(), op.outputs.end(), first) == op.outputs.end();
      each_activation(g, op, [&](TensorRef t) {
        size_t const ruling = activations_.node({g, first}, d.bits);
        if (!tensor(t).constant)
          join(activations_.node(t, d.bits), ruling);
        else if (compares)
          reach_past(ruling, range_of_constant(tensor(t)));
      });
    });
  }

  /// Lets a group's params hold constants that are compared with its values, or what stands for them: a value that none
  /// of those reaches.
  void reach_past(size_t node, const Range& constants) {
    std::optional<Range>& span = root(node).span;
    if (!span) return;
    float const margin = std::max(-span->lo, span->hi) / 1024;
    span = union_of(span, Range{std::max(constants.lo, span->lo - margin), std::min(constants.hi, span->hi + margin)});
  }

  void join_tied() {
    for (const TiedGroup& group : decisions_.tied.all()) {
      if (!group.bits || group.writes.empty()) continue;
      size_t const first = activations_.node(group.writes.front(), group.bits);
      for (TensorRef t : group.writes) join(first, activations_.node(t, group.bits));
      for (TensorRef t : group.reads)
        if (!tensor(t).constant) join(first, activations_.node(t, group.bits));
    }
  }

  /// What reads the values of a group outside of it.
  struct Readers {
    std::optional<Fixed> border;  // the params of a border op that rounds them next
    bool others = false;          // anything else, or borders of different activations
  };

  /// Where a border op rounds all values of a group next, its params becomes the group's, and the op has nothing to do.
  void prefer_borders() {
    std::vector<Readers> readers(nodes_.size());
    auto of = [&](size_t node) -> Readers& { return readers[groups_.root(node)]; };
    auto other = [&](TensorRef t, int bits) { of(activations_.node(t, bits)).others = true; };
    for (int g : decisions_.entries)
      for (int t : graph(g).outputs)
        for (int bits : {8, 16}) other({g, t}, bits);
    each(Placement::floating, [&](int g, const Op& op, const Decision&) {
      for (int t : op.inputs)
        if (is_float({g, t}))
          for (int bits : {8, 16}) other({g, t}, bits);
    });
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      int const ruling = scale_source(graph(g), op, d.bits);
      each_activation(g, op, [&](TensorRef t) {
        bool const inside = ruling != kNoTensor && groups_.root(activations_.node(t, d.bits)) ==
                                                       groups_.root(activations_.node({g, ruling}, d.bits));
        if (!inside) other(t, d.bits);
      });
    });
    for (const TiedGroup& group : decisions_.tied.all())
      for (TensorRef t : group.reads)
        if (group.bits && groups_.root(activations_.node(t, group.bits)) !=
                              groups_.root(activations_.node(group.writes.front(), group.bits)))
          other(t, group.bits);
    each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
      TensorRef const t{g, op.inputs[0]};
      auto const params = conversion_params(graph(g), op, d.bits);
      if (!params || !is_float(t) || tensor(t).constant) return;
      Readers& r = of(activations_.node(t, params->dtype == DType::int16 ? 16 : 8));
      if (r.border && r.border->params != *params) r.others = true;
      r.border = Fixed{*params, "kept from the file's " + op.type};
    });
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (groups_.root(n) != n || nodes_[n].fixed || !readers[n].border) continue;
      if (!readers[n].others || covers(readers[n].border->params, nodes_[n].span)) nodes_[n].fixed = readers[n].border;
    }
  }

  /// A tensor whose params is fixed is requantized on its way into a concatenation instead of ruling it, unless all its
  /// operands agree.
  void join_inputs_to_outputs() {
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      int const result = scale_source(graph(g), op, d.bits);
      if (op.def->quant.output(d.bits) != ScaleRule::inputs_as_output || result == kNoTensor) return;
      size_t const out = activations_.node({g, result}, d.bits);
      std::vector<size_t> in;
      each_activation(g, op, [&](TensorRef t) {
        if (!tensor(t).constant) in.push_back(activations_.node(t, d.bits));
      });
      auto same = [&](size_t n) { return root(n).fixed && root(n).fixed->params == root(in.front()).fixed->params; };
      bool const agreed = !in.empty() && root(in.front()).fixed && std::all_of(in.begin(), in.end(), same);
      for (size_t n : in)
        if (agreed || !root(n).fixed) join(n, out);
    });
  }

  /// DisjointSets that an op in Qm.n touches are in Qm.n; likewise headroom, which ends where the values of all of the
  /// group do.
  void mark_forms() {
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      auto mark = [&](TensorRef t) {
        Node& n = root(activations_.node(t, d.bits));
        n.rule.power_of_two |= d.settings.power_of_two;
        n.rule.headroom |= d.settings.headroom && d.bits == 16;
      };
      each_activation(g, op, mark);
      for (int t : op.outputs)
        if (is_float({g, t})) mark({g, t});
    });
    std::vector<std::vector<float>> known;
    for (const Graph& each : model_.graphs) known.push_back(value_bounds(each));
    std::vector<float> most(nodes_.size(), 0);
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (!nodes_[n].used) continue;
      TensorRef const t = nodes_[n].tensor;
      float& of = most[groups_.root(n)];
      of = std::max(of, known[static_cast<size_t>(t.graph)][static_cast<size_t>(t.tensor)]);
      root(n).rule.bound = of;
    }
  }

  /// In Qm.n a layer's result is a right shift of its sums: a result finer than they are gains nothing, and gets their
  /// scale. Whether any was.
  bool coarsen_results() {
    bool changed = false;
    each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      int const weights = operand_with(op, Role::weight), data = operand_with(op, Role::activation);
      if (!d.settings.power_of_two || weights == kNoTensor) return;
      const Tensor& w = tensor({g, op.inputs[static_cast<size_t>(weights)]});
      Node& result = root(activations_.node({g, op.outputs[0]}, d.bits));
      if (!w.constant || w.dtype != DType::float32 || result.fixed) return;
      LayerSpec const spec{.axis = op.def->quant.weight_axis,
                           .granularity = d.settings.granularity,
                           .widths = layer_widths(d.settings, d.bits),
                           .moments = find(moments_, {g, op.inputs[static_cast<size_t>(data)]})};
      std::vector<float> const scales = weight_scales(w, spec);
      float const sums = activations_.at({g, op.inputs[static_cast<size_t>(data)]}, d.bits)->params.scale *
                         *std::max_element(scales.begin(), scales.end());
      if (activations_.at({g, op.outputs[0]}, d.bits)->params.scale >= sums) return;
      result.rule.min_scale = sums;
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
      group.rule.bits = bits;
      if (!group.fixed && !group.span) return no_range(nodes_[n].tensor, bits);
      if (!group.fixed && !(std::isfinite(group.span->lo) && std::isfinite(group.span->hi)))
        return fail(ErrorKind::bad_data, "it holds values that are not finite", label(nodes_[n].tensor));
      ChosenParams chosen{group.fixed ? group.fixed->params : group.rule.params(*group.span),
                          nodes_[n].own.range,
                          nodes_[n].own.method,
                          nodes_[n].own.cut,
                          group.fixed ? group.fixed->by : "",
                          together[groups_.root(n)],
                          group.rule};
      activations_.set(n, std::move(chosen));
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
  ActivationParams activations_;
  DisjointSets groups_;
  std::vector<Node> nodes_;
};

}  // namespace

ActivationParams::ActivationParams(const Model& model) {
  size_t count = 0;
  for (const Graph& g : model.graphs) {
    first_.push_back(count);
    count += g.tensors.size();
  }
  canonical_bits_.resize(count, 0);
  chosen_.resize(count * 2);
}

std::optional<QuantParams> ActivationParams::canonical(TensorRef tensor) const {
  int const bits = canonical_bits(tensor);
  const ChosenParams* const chosen = bits ? at(tensor, bits) : nullptr;
  return chosen ? std::optional(chosen->params) : std::nullopt;
}

const ChosenParams* ActivationParams::at(TensorRef tensor, int bits) const {
  const auto& chosen = chosen_[node(tensor, bits)];
  return chosen ? &*chosen : nullptr;
}

int scale_source(const Graph& graph, const Op& op, int bits) {
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

Result<ActivationParams> choose_activation_params(const Model& model, const Decisions& decisions,
                                                  const RangeOf& range_of, const Recipe& recipe,
                                                  const MomentsByTensor* moments) {
  return Solver(model, decisions, range_of, recipe, moments).run();
}

}  // namespace narrow
