#include "quantize/weights/scales.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "quantize/params.h"
#include "quantize/weights/power_of_two_scales.h"

namespace narrow {
namespace {

/// The largest bias, in steps of its scale, that leaves the weight scale alone: half of what 32 bits hold, also where
/// 64 bits are stored, because some runtimes give 16x8 layers 32-bit accumulators.
constexpr double kLargestBias = 0x1p30;

/// The sums of a layer must stay below this magnitude.
double sum_limit(const LayerSpec& spec) {
  return spec.widths.arithmetic.accumulator_bits == 64 ? 0x1p47 : 0x1p31;
}

/// The largest magnitude that a sum can have whose integers' magnitudes add up to `magnitudes`. A bias of few bits may
/// round away from zero by half of its own step, which is 2^k of the steps here.
double largest_sum(double magnitudes, double bias, double step, const LayerSpec& spec) {
  return magnitudes * static_cast<double>(spec.max_input) + std::fabs(bias) / step * (1 + 0x1p-6) + 1;
}

}  // namespace

std::vector<double> sums_of_magnitudes(const std::vector<int16_t>& integers, const WeightChannels& channels) {
  std::vector<double> sums(channels.count, 0);
  for (size_t i = 0; i < integers.size(); ++i) sums[channels.of(i)] += std::abs(static_cast<int>(integers[i]));
  return sums;
}

std::vector<float> weight_scales(const Tensor& weights, const LayerSpec& spec) {
  WeightChannels const channels = weight_channels(weights, spec.axis, spec.granularity);
  if (spec.widths.power_of_two)
    return power_of_two_weight_scales(weights, channels, spec.axis, spec.widths.weights, spec.moments);
  std::vector<float> scales = largest_weights(weights.values<float>(), channels);
  for (float& s : scales) s = weight_scale(s, spec.widths.weights);
  return scales;
}

void shrink_for_error(std::vector<float>& scales, const ScaledWeights& layer, const RoundingStrategy& rounding) {
  if (!layer.objective) return;
  constexpr std::array kFew{0.95F, 0.9F, 0.85F, 0.8F, 0.75F, 0.7F, 0.65F, 0.6F, 0.55F};
  constexpr std::array kMany{0.97F, 0.94F, 0.91F, 0.88F, 0.85F};
  std::span<const float> const factors = layer.bits <= 4 ? std::span<const float>(kFew) : std::span<const float>(kMany);
  std::vector<float> const given = scales;
  std::vector<double> least;  // by scale
  auto try_scales = [&](const std::vector<float>& tried) {
    ScaledWeights scaled = {layer.weights, layer.channels, tried,          layer.bits,
                            layer.axis,    layer.moments,  layer.objective};
    std::vector<int16_t> const integers = rounding.round(scaled);
    std::vector<double> errors(tried.size(), 0.0);
    for (size_t c = 0; c < layer.objective->channels(); ++c)
      errors[tried.size() > 1 ? c : 0] += layer.objective->error(c, scaled.scale_of(c), integers);
    if (least.empty()) least = errors;
    for (size_t i = 0; i < tried.size(); ++i)
      if (errors[i] < least[i]) {
        least[i] = errors[i];
        scales[i] = tried[i];
      }
  };
  try_scales(given);
  for (float const factor : factors) {
    std::vector<float> tried = given;
    for (float& s : tried) s *= factor;
    try_scales(tried);
  }
}

void enlarge_for_bias(std::vector<float>& scales, const std::vector<double>& bias, const LayerSpec& spec) {
  for (size_t c = 0; c < bias.size(); ++c) {
    float& s = scales[scales.size() > 1 ? c : 0];
    double const needed = std::fabs(bias[c]) / kLargestBias / static_cast<double>(spec.input_scale);
    if (needed > static_cast<double>(s)) s = std::nextafter(static_cast<float>(needed), INFINITY);
  }
}

bool bias_fits(double given, double value, float weight_scale, double magnitudes, const LayerSpec& spec) {
  double const step = static_cast<double>(spec.input_scale) * static_cast<double>(weight_scale);
  if (!spec.widths.is_tflite()) return largest_sum(magnitudes, value, step, spec) < sum_limit(spec);
  return std::fabs(value) <= std::max(std::fabs(given), kLargestBias * step);
}

std::vector<int16_t> round_within_accumulator(std::vector<float>& scales, const Tensor& weights,
                                              const WeightChannels& channels, const std::vector<double>& bias,
                                              const LayerSpec& spec, const WeightObjective* objective) {
  ScaledWeights const layer{weights, channels, scales, spec.widths.weights, spec.axis, spec.moments, objective};
  std::vector<double> const real = bias.empty() ? std::vector<double>(channels.count, 0) : bias;
  for (;;) {
    std::vector<int16_t> integers = spec.choice.rounding->round(layer);
    std::vector<double> const sums = sums_of_magnitudes(integers, channels);
    bool fits = true;
    for (size_t c = 0; c < real.size(); ++c) {
      size_t const at = channels.count > 1 ? c : 0;
      double const step = static_cast<double>(spec.input_scale) * static_cast<double>(scales[at]);
      double const largest = largest_sum(sums[at], real[c], step, spec);
      if (largest < sum_limit(spec)) continue;
      fits = false;
      double const factor = std::max(largest / sum_limit(spec), 1 + 0x1p-12);
      scales[at] = spec.widths.power_of_two
                       ? 2 * scales[at]
                       : std::nextafter(static_cast<float>(static_cast<double>(scales[at]) * factor), INFINITY);
      if (channels.count == 1) break;
    }
    if (fits) return integers;
  }
}

}  // namespace narrow
