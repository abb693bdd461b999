// Integer weights and biases of a layer.
#pragma once

#include <optional>

#include "base/result.h"
#include "calibrate/channel_moments.h"
#include "quantize/params.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

/// Weights and bias of one layer, as they are stored.
struct LayerConstants {
  Tensor weights;
  std::optional<Tensor> bias;
  int widened_channels = 0;  // weight scales enlarged so that bias or sums fit
  int weight_bits_left = 0;  // of the widest weight of the channel that 32-bit sums cost most; 0: they cost nothing
  int bias_bits = 0;         // 0 without a bias
  int least_shift = 0;       // k of bias scale = input scale * weight scale * 2^k, over the channels
  int most_shift = 0;
  double bias_error = 0;  // largest, in steps of the result
};

/// What a layer's constants are quantized for.
struct LayerSpec {
  float input_scale = 1;
  float output_scale = 1;
  int64_t max_input = 128;  // largest magnitude of an input, its zero point taken off
  int axis = 0;             // dimension of the weights along which scales may differ
  Granularity granularity = Granularity::channel;
  LayerWidths widths{};
  const ChannelMoments* input = nullptr;  // of the layer's input, where they are known
};

/// Symmetric weights, a scale for each index of the axis (or one for all). Where TFLite's rules hold, bias with scale
/// input scale * weight scale; a bias beyond half the range of 32 bits enlarges its channel's weight scale until it
/// fits. Else a bias has scale input scale * weight scale * 2^k with the least k >= 0 that fits its width; weight
/// scales are enlarged only where sums would not fit the accumulator, or the bias 47 bits. In Qm.n weight scales are
/// those of power_of_two_weight_scales. `weights` are a float32 constant, `bias` is one that has real values, both of
/// validated shapes.
LayerConstants quantize_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec);

/// The same with int8 weights that stay just as they are, scales included; unsupported where the bias does not fit
/// 32 bits with those scales.
Result<LayerConstants> keep_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec);

/// Stores a bias, of any width and with real values, beside the weights in `layer` in the width of spec.widths.bias.
/// unsupported where it does not fit that width with any k.
Status rewrite_bias(LayerConstants& layer, const Tensor& bias, const LayerSpec& spec);

/// The scales that quantize_layer gives weights before sums and biases are looked at.
std::vector<float> weight_scales(const Tensor& weights, const LayerSpec& spec);

/// int8 weights alone, as quantize_layer stores them.
Tensor quantize_weights(const Tensor& weights, int axis, Granularity granularity);

/// A float32 constant on the params of an activation.
Tensor quantize_constant(const Tensor& constant, const QuantParams& params);

}  // namespace narrow
