// WeightChannels: which elements of a weight tensor share a scale.
#pragma once

#include <span>
#include <vector>

#include "graph/tensor.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

/// Elements `i` with equal `of(i)` form a channel.
struct WeightChannels {
  size_t count = 1;  // of channels; 1 for per-tensor scales
  size_t inner = 1;  // consecutive elements of one channel

  size_t of(size_t element) const { return element / inner % count; }
};

/// The channels along dimension `axis` of the weights; one channel for Granularity::tensor.
WeightChannels weight_channels(const Tensor& weights, int axis, Granularity granularity);

/// The largest magnitude in each channel.
std::vector<float> largest_weights(std::span<const float> weights, const WeightChannels& channels);

}  // namespace narrow
