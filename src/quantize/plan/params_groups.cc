#include "quantize/plan/params_groups.h"

#include <algorithm>

#include "ops/def/attributes.h"
#include "quantize/plan/stored_constants.h"

namespace narrow {
namespace {

/// Whether the integers of `params` reach both ends of the range up to one step: a scale of 1/128 serves values up
/// to 1.
bool covers(const QuantParams& params, const std::optional<Range>& range) {
  if (!range) return true;
  IntegerInterval const q = integer_range(params.dtype);
  double const scale = static_cast<double>(params.scale);
  return static_cast<double>(range->lo) >= (q.lo - params.zero_point - 1) * scale &&
         static_cast<double>(range->hi) <= (q.hi - params.zero_point + 1) * scale;
}

FixedParams kept_from_file(const QuantParams& params, const Op& op) {
  return {params, "kept from the file's " + op.type};
}

/// The steps of group_params.
class Grouping {
 public:
  Grouping(const PlacedModel& placed, const TensorWidths& widths, ParamsGroups& groups)
      : placed_(placed), widths_(widths), groups_(groups) {}

  /// Operands and results of ops that take one scale for all.
  void join_same_scale() {
    placed_.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      if (op.def->quant.output(d.bits) != ScaleRule::same) return;
      int const source = scale_source(placed_.graph(g), op, d.bits);
      if (source == kNoTensor) return;
      size_t const shared = widths_.node({g, source}, d.bits);
      placed_.each_result(g, op, [&](TensorRef t) { groups_.join(shared, widths_.node(t, d.bits)); });
      bool const has_result = std::find(op.outputs.begin(), op.outputs.end(), source) != op.outputs.end();
      placed_.each_activation(g, op, [&](TensorRef t) {
        if (!placed_.tensor(t).constant)
          groups_.join(widths_.node(t, d.bits), shared);
        else if (!has_result)
          widen_for_comparison(shared, range_of_constant(placed_.tensor(t)));
      });
    });
  }

  /// Tensors that are tied.
  void join_tied() {
    for (const TiedGroup& group : placed_.decisions.tied.all()) {
      if (!group.bits || group.writes.empty()) continue;
      size_t const first = widths_.node(group.writes.front(), group.bits);
      for (TensorRef t : group.writes) groups_.join(first, widths_.node(t, group.bits));
      for (TensorRef t : group.reads)
        if (!placed_.tensor(t).constant) groups_.join(first, widths_.node(t, group.bits));
    }
  }

  /// Where a conversion of the file requantizes all values of a group next, the group takes its parameters, and the
  /// conversion becomes a copy.
  void adopt_conversions() {
    std::vector<Readers> const readers = readers_of_groups();
    for (size_t n = 0; n < groups_.nodes(); ++n) {
      const Readers& r = readers[n];
      if (groups_.root(n) != n || groups_.fixed(n) || !r.conversion) continue;
      if (!r.others || covers(r.conversion->params, groups_.span(n))) groups_.fixed(n) = r.conversion;
    }
  }

  /// Operands of concatenations and their like. One whose parameters are fixed is requantized instead of ruling the
  /// result, unless all operands agree.
  void join_inputs_to_outputs() {
    placed_.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      int const result = scale_source(placed_.graph(g), op, d.bits);
      if (op.def->quant.output(d.bits) != ScaleRule::inputs_as_output || result == kNoTensor) return;
      std::vector<size_t> operands;
      placed_.each_activation(g, op, [&](TensorRef t) {
        if (!placed_.tensor(t).constant) operands.push_back(widths_.node(t, d.bits));
      });
      auto fixed_like_first = [&](size_t n) {
        const auto &own = groups_.fixed(n), &first = groups_.fixed(operands.front());
        return own && first && own->params == first->params;
      };
      bool const agree = !operands.empty() && std::all_of(operands.begin(), operands.end(), fixed_like_first);
      for (size_t n : operands)
        if (agree || !groups_.fixed(n)) groups_.join(n, widths_.node({g, result}, d.bits));
    });
  }

  /// Values with which an op begins, and that become values of its first result, must be represented there too.
  void widen_for_beginnings(const std::vector<TensorRange>& ranges) {
    placed_.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      for (const OperandPart& part : op.def->quant.parts) {
        if (!part.as_result || part.operand >= op.inputs.size() || !is_data(OpView{placed_.graph(g), op}, part.operand))
          continue;
        std::optional<Range>& span = groups_.span(widths_.node({g, op.outputs[0]}, d.bits));
        span = union_of(span, ranges[widths_.node({g, op.inputs[part.operand]}, d.bits)].range);
      }
    });
  }

 private:
  /// What reads the values of a group, apart from ops inside of it.
  struct Readers {
    std::optional<FixedParams> conversion;  // of the file
    bool others = false;                    // other ops, or conversions to other parameters
  };

  /// Constants that an op compares with the values of a group must be represented too. One that lies far beyond all
  /// values is represented by an integer that just exceeds them: the comparison gives the same.
  void widen_for_comparison(size_t node, const Range& constants) {
    std::optional<Range>& span = groups_.span(node);
    if (!span) return;
    float const margin = std::max(-span->lo, span->hi) / 1024;
    span = union_of(span, Range{std::max(constants.lo, span->lo - margin), std::min(constants.hi, span->hi + margin)});
  }

  /// By root.
  std::vector<Readers> readers_of_groups() {
    std::vector<Readers> readers(groups_.nodes());
    auto of = [&](size_t node) -> Readers& { return readers[groups_.root(node)]; };
    auto other = [&](TensorRef t, int bits) { of(widths_.node(t, bits)).others = true; };
    auto other_at_any_width = [&](TensorRef t) {
      for (int bits : {8, 16}) other(t, bits);
    };
    for (int g : placed_.decisions.entries)
      for (int t : placed_.graph(g).outputs) other_at_any_width({g, t});
    placed_.each(Placement::floating, [&](int g, const Op& op, const Decision&) {
      for (int t : op.inputs)
        if (placed_.is_float({g, t})) other_at_any_width({g, t});
    });
    placed_.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
      int const source = scale_source(placed_.graph(g), op, d.bits);
      placed_.each_activation(g, op, [&](TensorRef t) {
        bool const inside =
            source != kNoTensor && groups_.same(widths_.node(t, d.bits), widths_.node({g, source}, d.bits));
        if (!inside) other(t, d.bits);
      });
    });
    for (const TiedGroup& group : placed_.decisions.tied.all())
      for (TensorRef t : group.reads)
        if (group.bits && !groups_.same(widths_.node(t, group.bits), widths_.node(group.writes.front(), group.bits)))
          other(t, group.bits);
    placed_.each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
      TensorRef const t{g, op.inputs[0]};
      auto const params = conversion_params(placed_.graph(g), op, d.bits);
      if (!params || !placed_.is_float(t) || placed_.tensor(t).constant) return;
      Readers& r = of(widths_.node(t, params->bits()));
      r.others |= r.conversion && r.conversion->params != *params;
      r.conversion = kept_from_file(*params, op);
    });
    return readers;
  }

  const PlacedModel& placed_;
  const TensorWidths& widths_;
  ParamsGroups& groups_;
};

}  // namespace

FixedByNode fixed_params(const PlacedModel& placed, const TensorWidths& widths) {
  FixedByNode out(widths.nodes());
  placed.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
    const QuantRule& rule = op.def->quant;
    if (rule.output(d.bits) != ScaleRule::fixed) return;
    FixedScale const f = d.settings.power_of_two ? rule.fixed_power_of_two(d.bits) : rule.fixed(d.bits);
    placed.each_result(g, op, [&](TensorRef t) {
      out[widths.node(t, d.bits)] = {{activation_type(d.bits), f.scale, f.zero_point}, "fixed for " + op.type};
    });
  });
  placed.each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
    if (auto const params = conversion_params(placed.graph(g), op, d.bits))
      placed.each_result(
          g, op, [&](TensorRef t) { out[widths.node(t, widths.canonical_bits(t))] = kept_from_file(*params, op); });
  });
  return out;
}

ParamsGroups::ParamsGroups(const std::vector<TensorRange>& ranges, FixedByNode fixed)
    : sets_(ranges.size()), fixed_(std::move(fixed)) {
  for (const TensorRange& r : ranges) spans_.push_back(r.range);
}

bool ParamsGroups::join(size_t a, size_t b) {
  size_t const left = root(a), right = root(b);
  if (left == right) return true;
  if (fixed_[left] && fixed_[right] && fixed_[left]->params != fixed_[right]->params) return false;
  if (fixed_[left] && !covers(fixed_[left]->params, spans_[right])) return false;
  if (fixed_[right] && !covers(fixed_[right]->params, spans_[left])) return false;
  std::optional<FixedParams> both = fixed_[left] ? fixed_[left] : fixed_[right];
  std::optional<Range> const span = union_of(spans_[left], spans_[right]);
  sets_.join(left, right);
  fixed_[root(a)] = std::move(both);
  spans_[root(a)] = span;
  return true;
}

ParamsGroups group_params(const PlacedModel& placed, const TensorWidths& widths, const std::vector<TensorRange>& ranges,
                          FixedByNode fixed) {
  ParamsGroups groups(ranges, std::move(fixed));
  Grouping grouping(placed, widths, groups);
  grouping.widen_for_beginnings(ranges);
  grouping.join_same_scale();
  grouping.join_tied();
  grouping.adopt_conversions();
  grouping.join_inputs_to_outputs();
  return groups;
}

}  // namespace narrow
