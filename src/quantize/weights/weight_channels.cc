#include "quantize/weights/weight_channels.h"

#include <algorithm>
#include <cmath>

namespace narrow {

WeightChannels weight_channels(const Tensor& weights, int axis, Granularity granularity) {
  if (granularity == Granularity::tensor) return {1, static_cast<size_t>(std::max<int64_t>(weights.elements(), 1))};
  return {static_cast<size_t>(weights.shape[axis]),
          static_cast<size_t>(weights.shape.product(axis + 1, weights.shape.rank()))};
}

std::vector<float> largest_weights(std::span<const float> w, const WeightChannels& channels) {
  std::vector<float> largest(channels.count, 0.0f);
  for (size_t i = 0; i < w.size(); ++i) {
    float& m = largest[channels.of(i)];
    m = std::max(m, std::fabs(w[i]));
  }
  return largest;
}

}  // namespace narrow
