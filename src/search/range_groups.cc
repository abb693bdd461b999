#include "search/range_groups.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "quantize/plan/activation_params.h"

namespace narrow {
namespace {

bool symmetric(const ParamsRule& rule) {
  return rule.bits == 16 || rule.power_of_two;
}

/// All graphs, the entry before the others.
std::vector<int> entry_first(const Model& model, int entry) {
  std::vector<int> out{entry};
  for (int g = 0; g < static_cast<int>(model.graphs.size()); ++g)
    if (g != entry) out.push_back(g);
  return out;
}

/// The tensors of a graph that are not constant, in the order in which they get their values.
std::vector<int> in_order(const Graph& graph) {
  std::vector<int> out = graph.inputs;
  for (const Op& op : graph.ops) out.insert(out.end(), op.outputs.begin(), op.outputs.end());
  std::vector<bool> listed(graph.tensors.size(), false);
  std::erase_if(out, [&](int t) {
    if (t == kNoTensor || graph.tensor(t).constant || listed[static_cast<size_t>(t)]) return true;
    listed[static_cast<size_t>(t)] = true;
    return false;
  });
  return out;
}

RangeGroup group_of(const Model& model, const ActivationParams& activations, const ChosenParams& chosen, int bits) {
  RangeGroup out;
  out.members = *chosen.together;
  out.fixed_by = chosen.fixed_by;
  out.rule = chosen.rule;
  out.rule.min_scale = 0;  // it depends on parameters that are not chosen yet
  out.params = chosen.params;
  out.method = chosen.own.method;
  std::erase_if(out.members,
                [&](TensorRef t) { return model.graphs[static_cast<size_t>(t.graph)].tensor(t.tensor).constant; });
  for (TensorRef t : out.members)
    if (const ChosenParams* const own = activations.at(t, bits); own && own->own.range)
      out.widest = {std::min(out.widest.lo, own->own.range->lo), std::max(out.widest.hi, own->own.range->hi)};
  return out;
}

}  // namespace

Range Limit::range(const Range& own) const {
  if (!symmetric(rule))
    return {static_cast<float>(std::max<double>(own.lo, -value)), static_cast<float>(std::min<double>(own.hi, value))};
  double const end = rule.before_headroom(value);
  // In Qm.n the largest integer stands for one step less than the limit.
  double const high = rule.power_of_two ? end - std::ldexp(end, 1 - rule.bits) : end;
  return {static_cast<float>(-end), static_cast<float>(high)};
}

double widest_limit(const RangeGroup& group) {
  if (group.widest == Range{}) return 0;
  double most = std::max(-static_cast<double>(group.widest.lo), static_cast<double>(group.widest.hi));
  if (symmetric(group.rule)) {
    auto const scale = static_cast<double>(group.rule.params(group.widest).scale);
    most = scale * (group.rule.power_of_two ? 1 << (group.rule.bits - 1) : symmetric_limit(group.rule.bits));
  }
  int exponent = 0;
  bool const exact = std::frexp(static_cast<float>(most), &exponent) == 0.5F;
  return std::ldexp(1, exact ? exponent - 1 : exponent);
}

Result<std::vector<RangeGroup>> range_groups(const Model& model, const RangeOf& range_of,
                                             const QuantizeOptions& options, int entry) {
  Decisions const decisions = decide(model, options);
  if (!options.allow_float) NARROW_CHECK(require_integer(model, decisions));
  NARROW_TRY(ActivationParams const activations,
             choose_activation_params({model, decisions}, range_of, options.recipe, options.moments));
  std::vector<RangeGroup> out;
  std::map<const void*, size_t> known;  // place in `out`, by the list that all members of a group share
  for (int g : entry_first(model, entry))
    for (int t : in_order(model.graphs[static_cast<size_t>(g)])) {
      int const bits = activations.canonical_bits({g, t});
      const ChosenParams* const chosen = bits ? activations.at({g, t}, bits) : nullptr;
      if (!chosen) continue;
      auto const [at, fresh] = known.emplace(chosen->together.get(), out.size());
      if (fresh) out.push_back(group_of(model, activations, *chosen, bits));
      if (g == entry) out[at->second].tensors.push_back(t);
    }
  return out;
}

}  // namespace narrow
