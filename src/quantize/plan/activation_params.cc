#include "quantize/plan/activation_params.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/def/operand_with.h"
#include "quantize/ranges/value_bounds.h"
#include "quantize/weights/scales.h"

namespace narrow {
namespace {

std::string label(const PlacedModel& placed, TensorRef t) {
  return tensor_label(placed.graph(t.graph), t.tensor) + (t.graph > 0 ? ", graph " + std::to_string(t.graph) : "");
}

tl::unexpected<Error> no_range(const TensorRange& of, const std::string& where) {
  if (of.error) return pass(Status(tl::unexpected(*of.error)), where);
  return fail(ErrorKind::bad_data, "calibration saw no values", where);
}

/// By root: the tensors of each group in order of their nodes.
std::vector<std::shared_ptr<const std::vector<TensorRef>>> members(const TensorWidths& widths, ParamsGroups& groups) {
  std::vector<std::vector<TensorRef>> lists(groups.nodes());
  for (size_t n = 0; n < groups.nodes(); ++n)
    if (widths.used(n)) lists[groups.root(n)].push_back(widths.tensor(n));
  std::vector<std::shared_ptr<const std::vector<TensorRef>>> out(groups.nodes());
  for (size_t n = 0; n < groups.nodes(); ++n)
    if (!lists[n].empty()) out[n] = std::make_shared<const std::vector<TensorRef>>(std::move(lists[n]));
  return out;
}

/// Raises the minimal scale of results of layers in Qm.n to that of the layer's sums; whether any was below it.
bool raise_min_scales(const PlacedModel& placed, const TensorWidths& widths, const ActivationParams& params,
                      const MomentsByTensor* moments, ParamsGroups& groups, std::vector<ParamsRule>& rules) {
  bool raised = false;
  placed.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
    int const weights_at = operand_with(op, Role::weight), data_at = operand_with(op, Role::activation);
    if (!d.settings.power_of_two || weights_at == kNoTensor || !op.def->quant.parts.empty()) return;
    const Tensor& weights = placed.tensor({g, op.inputs[static_cast<size_t>(weights_at)]});
    TensorRef const data{g, op.inputs[static_cast<size_t>(data_at)]}, result{g, op.outputs[0]};
    size_t const group = groups.root(widths.node(result, d.bits));
    if (!weights.constant || weights.dtype != DType::float32 || groups.fixed(group)) return;
    LayerSpec const spec{.axis = op.def->quant.weight_axis,
                         .granularity = d.settings.granularity,
                         .widths = layer_widths(d.settings, d.bits),
                         .moments = find(moments, data)};
    std::vector<float> const scales = weight_scales(weights, spec);
    float const sums = params.at(data, d.bits)->params.scale * *std::max_element(scales.begin(), scales.end());
    if (params.at(result, d.bits)->params.scale >= sums) return;
    rules[group].min_scale = sums;
    raised = true;
  });
  return raised;
}

}  // namespace

std::optional<QuantParams> ActivationParams::canonical(TensorRef tensor) const {
  int const bits = canonical_bits(tensor);
  const ChosenParams* const chosen = bits ? at(tensor, bits) : nullptr;
  return chosen ? std::optional(chosen->params) : std::nullopt;
}

const ChosenParams* ActivationParams::at(TensorRef tensor, int bits) const {
  const auto& chosen = chosen_[widths_.node(tensor, bits)];
  return chosen ? &*chosen : nullptr;
}

std::vector<ParamsRule> params_rules(const PlacedModel& placed, const TensorWidths& widths, ParamsGroups& groups) {
  std::vector<ParamsRule> rules(groups.nodes());
  placed.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
    auto mark = [&](TensorRef t) {
      ParamsRule& rule = rules[groups.root(widths.node(t, d.bits))];
      rule.power_of_two |= d.settings.power_of_two;
      if (d.bits == 16) rule.headroom = std::max(rule.headroom, d.settings.headroom);
    };
    placed.each_activation(g, op, mark);
    placed.each_result(g, op, mark);
    placed.each_inside(g, op, d.bits, [&](TensorRef t, int bits, const Inside& inside) {
      ParamsRule& rule = rules[groups.root(widths.node(t, bits))];
      rule.power_of_two |= inside.params == Inside::Params::power_of_two;
      rule.symmetric |= inside.params == Inside::Params::symmetric || inside.params == Inside::Params::symmetric_16;
      rule.min_scale = std::max(rule.min_scale, inside.least_scale);
      // A power of two has room as it is, and kernels take them only so far.
      if (bits == 16 && inside.params != Inside::Params::power_of_two)
        rule.headroom = std::max(rule.headroom, d.settings.headroom);
    });
  });
  std::vector<std::vector<float>> bounds;
  for (const Graph& graph : placed.model.graphs) bounds.push_back(value_bounds(graph));
  std::vector<float> most(groups.nodes(), 0);
  for (size_t n = 0; n < groups.nodes(); ++n) {
    if (!widths.used(n)) continue;
    TensorRef const t = widths.tensor(n);
    float& of = most[groups.root(n)];
    of = std::max(of, bounds[static_cast<size_t>(t.graph)][static_cast<size_t>(t.tensor)]);
    rules[groups.root(n)].bound = of;
    rules[groups.root(n)].bits = NodeIndex::bits(n);
  }
  return rules;
}

Result<ActivationParams> assign_params(const PlacedModel& placed, const TensorWidths& widths,
                                       const std::vector<TensorRange>& ranges, ParamsGroups& groups,
                                       const std::vector<ParamsRule>& rules) {
  ActivationParams out(widths);
  auto const together = members(widths, groups);
  for (size_t n = 0; n < groups.nodes(); ++n) {
    if (!widths.used(n)) continue;
    TensorRef const t = widths.tensor(n);
    const std::optional<FixedParams>& fixed = groups.fixed(n);
    const std::optional<Range>& span = groups.span(n);
    if (!fixed && !span) return no_range(ranges[n], label(placed, t));
    if (!fixed && !(std::isfinite(span->lo) && std::isfinite(span->hi)))
      return fail(ErrorKind::bad_data, "it holds values that are not finite", label(placed, t));
    const ParamsRule& rule = rules[groups.root(n)];
    if (!fixed && rule.params(*span).scale >= kMostScale)
      return fail(ErrorKind::unsupported,
                  fmt::format("its values reach {:.3g}; runtimes multiply scales in float32, where that overflows",
                              std::max(-span->lo, span->hi)),
                  label(placed, t), "`keep_float` leaves the ops around it float, `act_max` clips it");
    out.set(n, {fixed ? fixed->params : rule.params(*span), ranges[n], fixed ? fixed->by : "", together[groups.root(n)],
                rule});
  }
  return out;
}

Result<ActivationParams> choose_activation_params(const PlacedModel& placed, const RangeOf& range_of,
                                                  const Recipe& recipe, const MomentsByTensor* moments) {
  TensorWidths const widths = find_widths(placed);
  std::vector<TensorRange> const ranges = tensor_ranges(placed, widths, range_of, recipe);
  ParamsGroups groups = group_params(placed, widths, ranges, fixed_params(placed, widths));
  std::vector<ParamsRule> rules = params_rules(placed, widths, groups);
  for (;;) {
    NARROW_TRY(ActivationParams params, assign_params(placed, widths, ranges, groups, rules));
    if (!raise_min_scales(placed, widths, params, moments, groups, rules)) return params;
  }
}

}  // namespace narrow
