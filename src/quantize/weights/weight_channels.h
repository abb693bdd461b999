// How a weight tensor falls into the parts that have one scale each.
#pragma once

#include <span>
#include <vector>

#include "graph/tensor.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

struct WeightChannels {
  size_t count = 1;  // number of scales
  size_t inner = 1;  // neighbouring elements of the same index

  size_t of(size_t element) const { return element / inner % count; }
};

WeightChannels weight_channels(const Tensor& weights, int axis, Granularity granularity);

/// The largest magnitude of each channel.
std::vector<float> largest_weights(std::span<const float> w, const WeightChannels& channels);

/// The integer that a weight becomes, within +-limit.
float to_weight(float v, float scale, float limit);

}  // namespace narrow
