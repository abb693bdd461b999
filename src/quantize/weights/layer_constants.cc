#include "quantize/weights/layer_constants.h"

#include <algorithm>
#include <cmath>

#include "quantize/weights/scales.h"

namespace narrow {
namespace {

/// How many of `bits` bits the largest weight still uses in the channel whose scale grew most; 0 where none grew.
int bits_left(const std::vector<float>& before, const std::vector<float>& after, int bits) {
  double most = 1;
  for (size_t i = 0; i < before.size(); ++i)
    most = std::max(most, static_cast<double>(after[i]) / static_cast<double>(before[i]));
  return most > 1 ? static_cast<int>(std::floor(bits - std::log2(most))) : 0;
}

/// What the integers of the layer are chosen by; nothing where moments are not known or nearest integers are asked for.
std::optional<WeightObjective> objective_of(const Tensor& weights, bool has_bias, const LayerSpec& spec) {
  if (!spec.inputs || !spec.choice.rounding->by_objective) return std::nullopt;
  return WeightObjective(weights, spec.axis, *spec.inputs,
                         {.centred = has_bias && spec.choice.bias_correction,
                          .feedback = spec.choice.feedback,
                          .gptq = spec.choice.rounding->by_factors});
}

constexpr double kCorrections = 32;  // in a step of the result: finer ones would follow the last bits of a float run

/// The bias that makes up for the mean error of the integers, in the channels where it keeps as much of the accumulator
/// free as the given one has to.
std::vector<double> bias_for(const std::vector<double>& bias, const Tensor& weights,
                             const std::vector<int16_t>& integers, const std::vector<float>& scales,
                             const LayerSpec& spec) {
  if (!spec.inputs || !spec.choice.bias_correction || bias.empty()) return bias;
  std::vector<double> out = corrected_bias(bias, weights, spec.axis, *spec.inputs, integers, scales, spec.input_scale);
  std::vector<double> const magnitudes =
      sums_of_magnitudes(integers, weight_channels(weights, spec.axis, Granularity::channel));
  if (double const grid = static_cast<double>(spec.output_scale) / kCorrections; spec.widths.bias >= 32)
    for (size_t c = 0; c < out.size(); ++c) out[c] = bias[c] + std::round((out[c] - bias[c]) / grid) * grid;
  for (size_t c = 0; c < out.size(); ++c)
    if (!bias_fits(bias[c], out[c], scales[scales.size() > 1 ? c : 0], magnitudes[c], spec)) out[c] = bias[c];
  return out;
}

}  // namespace

LayerConstants quantize_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec) {
  WeightChannels const channels = weight_channels(weights, spec.axis, spec.granularity);
  std::vector<float> const before = weight_scales(weights, spec);
  std::vector<double> const real = real_bias(bias);
  bool const tflite = spec.widths.is_tflite();
  std::optional<WeightObjective> const found = objective_of(weights, bias != nullptr, spec);
  const WeightObjective* const objective = found ? &*found : nullptr;
  LayerConstants out;

  std::vector<float> scales = before;
  ScaledWeights const layer{weights, channels, scales, spec.widths.weights, spec.axis, spec.moments, objective};
  if (spec.choice.scale_search && !spec.widths.power_of_two) shrink_for_error(scales, layer, *spec.choice.rounding);
  std::vector<float> const wanted = scales;
  std::vector<int16_t> integers;
  if (tflite) {
    enlarge_for_bias(scales, real, spec);
    integers = spec.choice.rounding->round(layer);
  } else {
    integers = round_within_accumulator(scales, weights, channels, real, spec, objective);
    out.weight_bits_left = bits_left(wanted, scales, spec.widths.weights);
  }
  out.weights = store_weights(layer, integers);
  std::vector<double> const stored = bias_for(real, weights, integers, scales, spec);
  if (bias) out.bias = tflite ? tflite_bias(*bias, stored, scales, spec) : shifted_bias(*bias, stored, scales, spec);
  for (size_t i = 0; i < scales.size(); ++i) out.widened_channels += scales[i] != wanted[i];
  return out;
}

Status rewrite_bias(LayerConstants& layer, const Tensor& bias, const LayerSpec& spec) {
  std::vector<double> const values = real_bias(&bias);
  const std::vector<float>& scales = layer.weights.quantization.scales;
  for (size_t c = 0; c < values.size(); ++c)
    if (float const step = spec.input_scale * scales[scales.size() > 1 ? c : 0];
        step != 0 && !(std::fabs(values[c]) < 0x1p47 * static_cast<double>(step)))
      return fail(ErrorKind::unsupported, "the bias of channel " + std::to_string(c) + " leaves 47 bits");
  layer.bias = shifted_bias(bias, values, scales, spec);
  return {};
}

Result<LayerConstants> keep_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec) {
  LayerConstants out{.weights = weights, .bias = std::nullopt};
  if (!bias) return out;
  if (!spec.widths.is_tflite()) {
    NARROW_CHECK(rewrite_bias(out, *bias, spec));
    return out;
  }
  std::vector<double> const values = real_bias(bias);
  const std::vector<float>& scales = weights.quantization.scales;
  for (size_t c = 0; c < values.size(); ++c)
    if (std::fabs(values[c]) > 2147483647.0 * static_cast<double>(spec.input_scale * scales[scales.size() > 1 ? c : 0]))
      return fail(ErrorKind::unsupported,
                  "the bias of channel " + std::to_string(c) + " does not fit 32 bits with the file's weight scales",
                  {}, "`keep_float` leaves the op float");
  out.bias = tflite_bias(*bias, values, scales, spec);
  return out;
}

Tensor quantize_weights(const Tensor& weights, int axis, Granularity granularity) {
  LayerSpec const spec{.axis = axis, .granularity = granularity};
  WeightChannels const channels = weight_channels(weights, axis, granularity);
  std::vector<float> const scales = weight_scales(weights, spec);
  ScaledWeights const layer{weights, channels, scales, spec.widths.weights, axis};
  return store_weights(layer, spec.choice.rounding->round(layer));
}

}  // namespace narrow
