// Shifts of layers: fraction bits of data, weights and result, and how far a bias is shifted to the left.
#include <algorithm>
#include <functional>

#include "emit/header/layer_facts.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

/// As one number where all channels agree, else as a list.
void add_by_channel(const std::string& key, const std::vector<int32_t>& values, OpFacts& facts) {
  if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end())
    facts.add(key.c_str(), values[0]);
  else
    facts.lists.push_back({key + "S", DType::int8, values});
}

/// Fraction bits of the products less those of the result, by channel; empty where a scale is no power of two.
std::vector<int32_t> right_shifts(const OpView& op, const LayerOperands& at) {
  auto const in = fraction_bits(op.input(at.data).quantization.scale());
  auto const out = fraction_bits(op.output().quantization.scale());
  const Quantization& weights = op.input(at.weights).quantization;
  std::vector<int32_t> rights;
  for (size_t c = 0; in && out && c < static_cast<size_t>(at.channels); ++c) {
    auto const w = fraction_bits(weights.scales[weights.per_axis() ? c : 0]);
    if (!w) return {};
    rights.push_back(*in + *w - *out);
  }
  return rights;
}

}  // namespace

bool add_shifts(const OpView& op, const LayerOperands& at, const std::vector<uint8_t>& bias_shift, OpFacts& facts) {
  std::vector<int32_t> lefts(bias_shift.begin(), bias_shift.end());
  if (lefts.empty()) lefts.resize(static_cast<size_t>(at.channels), 0);
  std::vector<int32_t> const rights = right_shifts(op, at);
  bool const shifted = std::any_of(lefts.begin(), lefts.end(), [](int32_t k) { return k > 0; });
  facts.shifts = shifted || !rights.empty();
  if (op.has_input(at.bias) && facts.shifts) add_by_channel("BIAS_LSHIFT", lefts, facts);
  if (!rights.empty()) add_by_channel("OUT_RSHIFT", rights, facts);
  return !rights.empty();
}

}  // namespace narrow
