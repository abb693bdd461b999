// LayerConstants: the integer weights and bias of one layer, made in three steps: weight scales (scales.h), integer
// weights (rounding.h) and the bias (bias.h).
#pragma once

#include <optional>

#include "base/result.h"
#include "quantize/weights/bias.h"
#include "quantize/weights/layer_spec.h"

namespace narrow {

/// Weights and bias of one layer as they are stored.
struct LayerConstants {
  Tensor weights;
  std::optional<StoredBias> bias;
  int widened_channels = 0;  // channels whose weight scale was enlarged so that the bias or the sums fit
  int weight_bits_left = 0;  // bits of the largest weight in the channel whose scale grew most; 0: none grew for sums
};

/// Quantizes the float32 constant `weights`, symmetric and with a scale for each output channel (or one for all), and
/// `bias`, a constant with real values of any type; null where the layer has none. Shapes are validated.
/// - Where TFLite's rules hold (LayerWidths::is_tflite), the bias has scale input scale * weight scale, and a bias
/// beyond
///   half the range of 32 bits enlarges its channel's weight scale.
/// - Otherwise the bias has a shift of its own (shifted_bias), and weight scales are enlarged only where sums would
/// leave
///   the accumulator or the bias 47 bits.
LayerConstants quantize_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec);

/// The same for int8 weights that stay as they are, scales included. unsupported where the bias does not fit 32 bits
/// (47 bits with a shift) with those scales.
Result<LayerConstants> keep_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec);

/// Stores `bias`, of any width and with real values, in spec.widths.bias bits beside the weights of `layer`.
/// unsupported where a value reaches 2^47 steps of input scale * weight scale.
Status rewrite_bias(LayerConstants& layer, const Tensor& bias, const LayerSpec& spec);

/// int8 weights without a layer around them: each channel's largest magnitude becomes 127.
Tensor quantize_weights(const Tensor& weights, int axis, Granularity granularity);

}  // namespace narrow
