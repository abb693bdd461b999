// Shifts of layers: fraction bits of data, weights and result, and how far a bias is shifted to the left.
#include <algorithm>
#include <cmath>

#include "emit/constants/constants.h"
#include "emit/header/layer_facts.h"

namespace narrow {
namespace {

/// The scale of one output channel.
float channel_scale(const Quantization& q, int channel) {
  return q.scales[q.per_axis() ? static_cast<size_t>(channel) : 0];
}

/// k where `bias` has the scale product * 2^k, but for the rounding of scales to float32.
std::optional<int> left_shift(float bias, double product) {
  double const k = std::log2(static_cast<double>(bias) / product), whole = std::round(k);
  if (!(std::abs(k - whole) < 1e-5) || whole < 0 || whole > 62) return std::nullopt;
  return static_cast<int>(whole);
}

/// As one number where all channels agree, else as a list.
void add_by_channel(const std::string& key, const std::vector<int32_t>& values, OpFacts& facts) {
  if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end())
    facts.add(key.c_str(), values[0]);
  else
    facts.lists.push_back({key + "S", DType::int8, values});
}

}  // namespace

void add_shifts(const OpView& op, size_t data, size_t weights, size_t bias, int channels, OpFacts& facts) {
  float const in = op.input(data).quantization.scale(), out = op.output().quantization.scale();
  const Quantization& w = op.input(weights).quantization;
  const Tensor* b = op.maybe_input(bias);
  bool const bias_scale =
      b && b->quantization.present() &&
      (!b->quantization.per_axis() || b->quantization.scales.size() == static_cast<size_t>(channels));
  std::vector<int32_t> lefts, rights;
  for (int c = 0; c < channels; ++c) {
    double const product = static_cast<double>(in) * static_cast<double>(channel_scale(w, c));
    auto const left = bias_scale ? left_shift(channel_scale(b->quantization, c), product) : 0;
    if (!left) {
      facts.notes.emplace_back("The scale of the bias is not that of the products times a power of two.");
      return;
    }
    lefts.push_back(*left);
    auto const f_in = frac_bits(in), f_w = frac_bits(channel_scale(w, c)), f_out = frac_bits(out);
    if (f_in && f_w && f_out) rights.push_back(*f_in + *f_w - *f_out);
  }
  bool const powers = rights.size() == lefts.size();
  bool const shifted = std::any_of(lefts.begin(), lefts.end(), [](int32_t k) { return k > 0; });
  facts.shifts = powers || shifted;
  if (b && (powers || shifted)) add_by_channel("BIAS_LSHIFT", lefts, facts);
  if (powers) add_by_channel("OUT_RSHIFT", rights, facts);
}

}  // namespace narrow
