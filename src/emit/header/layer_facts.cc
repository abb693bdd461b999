#include "emit/header/layer_facts.h"

#include <algorithm>
#include <functional>

#include "rows/layers.h"

namespace narrow {
namespace {

/// As one number where all channels agree, else as a list.
void add_by_channel(const std::string& key, const std::vector<int32_t>& values, OpFacts& facts) {
  if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end()) {
    facts.add(key.c_str(), values[0]);
    return;
  }
  auto const bytes = std::as_bytes(std::span(values));
  facts.lists.push_back({key + "S", DType::int32, {bytes.begin(), bytes.end()}});
}

/// n of each factor 2^-n; empty where one is no power of two.
std::vector<int32_t> right_shifts(const KernelCall& call) {
  constexpr int32_t kHalf = int32_t{1} << 30;  // a multiplier m and a shift s make the factor m * 2^(s - 31)
  auto const multipliers = call.pointed_values<int32_t>("output.multiplier");
  if (!std::all_of(multipliers.begin(), multipliers.end(), [](int32_t m) { return m == kHalf; })) return {};
  std::vector<int32_t> rights;
  for (int8_t shift : call.pointed_values<int8_t>("output.shift")) rights.push_back(1 - shift);
  return rights;
}

}  // namespace

void add_layer(const KernelCall& call, OpFacts& facts) {
  const LayerKey& key = *layer_key(*call.kernel);
  facts.add("ACC_BITS", key.sum_bits);
  auto const rule = static_cast<RoundingRule>(call.number("output.rounding"));
  std::vector<int32_t> const rights = right_shifts(call);
  auto const stored = call.pointed_values<uint8_t>("bias.shift");
  std::vector<int32_t> lefts(stored.begin(), stored.end());
  if (lefts.empty()) lefts.resize(call.pointed_values<int8_t>("output.shift").size(), 0);
  facts.shifts = !rights.empty() || std::any_of(lefts.begin(), lefts.end(), [](int32_t k) { return k > 0; });
  if (facts.bias && facts.shifts) add_by_channel("BIAS_LSHIFT", lefts, facts);
  if (!rights.empty()) add_by_channel("OUT_RSHIFT", rights, facts);
  if (rights.empty() || rule == RoundingRule::twice) {
    facts.rounding = rounding_text(key.rounding, rule, key.sum_bits == 64);
    return;
  }
  facts.rounding = shift_text(rule);
  std::erase_if(facts.lists, [](const FactList& l) { return l.key == "MULTIPLIERS" || l.key == "SHIFTS"; });
}

}  // namespace narrow
