// Integer weights and biases of a layer.
#pragma once

#include <optional>

#include "base/result.h"
#include "quantize/grid.h"
#include "quantize/recipe.h"

namespace narrow {

/// Weights and bias of one layer, as they are stored.
struct LayerConstants {
  Tensor weights;
  std::optional<Tensor> bias;
  int widened_channels = 0;  // weight scales enlarged so that the bias fits
};

/// What a layer's constants are quantized for.
struct LayerForm {
  float input_scale = 1;
  int axis = 0;  // dimension of the weights along which scales may differ
  Granularity granularity = Granularity::channel;
  int bias_bits = 32;  // 32 or 64
};

/// Weights as int8 in [-127, 127], symmetric, a scale for each index of the axis (or one for all); bias with scale
/// input scale * weight scale. A bias beyond half the range of 32 bits enlarges its channel's weight scale until it
/// fits. `weights` are a float32 constant, `bias` is one that has real values, both of validated shapes.
LayerConstants quantize_layer(const Tensor& weights, const Tensor* bias, const LayerForm& form);

/// The same with int8 weights that stay just as they are, scales included; unsupported where the bias does not fit
/// 32 bits with those scales.
Result<LayerConstants> keep_layer(const Tensor& weights, const Tensor* bias, const LayerForm& form);

/// Weights alone, as quantize_layer stores them.
Tensor quantize_weights(const Tensor& weights, int axis, Granularity granularity);

/// A float32 constant on the grid of an activation.
Tensor constant_on_grid(const Tensor& constant, const Grid& grid);

}  // namespace narrow
