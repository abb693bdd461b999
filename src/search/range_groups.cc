#include "search/range_groups.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "ops/attributes.h"
#include "quantize/grids.h"

namespace narrow {
namespace {

/// The tensors of a graph that hold values of a run, in the order they get them.
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

RangeGroup group_of(const Model& model, const Grids& grids, const ChosenGrid& chosen, int bits) {
  RangeGroup out;
  out.members = *chosen.together;
  out.fixed_by = chosen.fixed_by;
  out.bits = bits;
  out.grid = chosen.grid;
  out.method = chosen.method;
  out.power_of_two = chosen.power_of_two;
  std::erase_if(out.members,
                [&](TensorRef t) { return model.graphs[static_cast<size_t>(t.graph)].tensor(t.tensor).constant; });
  for (TensorRef t : out.members)
    if (const ChosenGrid* const own = grids.at(t, bits); own && own->range)
      out.widest = {std::min(out.widest.lo, own->range->lo), std::max(out.widest.hi, own->range->hi)};
  return out;
}

}  // namespace

double Limit::high() const {
  return power_of_two ? value - std::ldexp(value, 1 - bits) : value;
}

Range Limit::cut(const Range& range) const {
  return {static_cast<float>(std::max<double>(range.lo, -value)),
          static_cast<float>(std::min<double>(range.hi, high()))};
}

Range Limit::by_hand(const Range& own) const {
  if (bits == 8 && !power_of_two) return cut(own);
  return {static_cast<float>(-value), static_cast<float>(high())};
}

Grid grid_for(const RangeGroup& group, const Range& range) {
  return group.power_of_two ? power_of_two_grid(range, group.bits) : activation_grid(range, group.bits);
}

double widest_limit(const RangeGroup& group) {
  if (group.widest == Range{}) return 0;
  if (group.power_of_two) return std::ldexp(static_cast<double>(grid_for(group, group.widest).scale), group.bits - 1);
  int exponent = 0;
  double const most = std::max(-static_cast<double>(group.widest.lo), static_cast<double>(group.widest.hi));
  bool const exact = std::frexp(most, &exponent) == 0.5;
  return std::ldexp(1, exact ? exponent - 1 : exponent);
}

Result<std::vector<RangeGroup>> range_groups(const Model& model, const RangeOf& range_of,
                                             const QuantizeOptions& options) {
  Decisions const decisions = decide(model, options);
  if (!options.allow_float) NARROW_CHECK(require_integer(model, decisions));
  NARROW_TRY(Grids const grids, choose_grids(model, decisions, range_of, options.recipe));
  std::vector<RangeGroup> out;
  std::map<const void*, size_t> known;  // place in `out`, by the list that all members of a group share
  for (int g = 0; g < static_cast<int>(model.graphs.size()); ++g)
    for (int t : in_order(model.graphs[static_cast<size_t>(g)])) {
      int const bits = grids.home_bits({g, t});
      const ChosenGrid* const chosen = bits ? grids.at({g, t}, bits) : nullptr;
      if (!chosen) continue;
      auto const [at, fresh] = known.emplace(chosen->together.get(), out.size());
      if (fresh) out.push_back(group_of(model, grids, *chosen, bits));
      if (g == 0) out[at->second].tensors.push_back(t);
    }
  return out;
}

}  // namespace narrow
