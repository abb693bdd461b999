#include "quantize/weights/rounding.h"

#include <algorithm>
#include <cmath>

#include "quantize/params.h"

namespace narrow {

WeightChoice choice_with(WeightRounding rounding, int weights, int activations) {
  if (rounding == WeightRounding::nearest) return {.bias_correction = true};
  bool const few = weights < 8;
  return {.rounding = rounding == WeightRounding::descent ? &kRoundDescent : &kRoundGptq,
          .feedback = few || activations == 16,
          .scale_search = few,
          .bias_correction = true};
}

float nearest_step(float value, float scale, float limit) {
  return std::clamp(std::round(value / scale), -limit, limit);
}

std::vector<int16_t> round_to_nearest(const ScaledWeights& layer) {
  std::span<const float> const w = layer.weights.values<float>();
  auto const limit = static_cast<float>(symmetric_limit(layer.bits));
  std::vector<int16_t> q(w.size());
  for (size_t i = 0; i < w.size(); ++i)
    q[i] = static_cast<int16_t>(nearest_step(w[i], layer.scales[layer.channels.of(i)], limit));
  return q;
}

Tensor store_weights(const ScaledWeights& layer, const std::vector<int16_t>& integers) {
  Tensor out = layer.weights;
  if (layer.bits == 16) {
    out.dtype = DType::int16;
    out.data = SharedBytes::copy_of(std::span<const int16_t>(integers));
  } else {
    std::vector<int8_t> const bytes(integers.begin(), integers.end());
    out.dtype = DType::int8;
    out.four_bits = layer.bits == 4;
    out.data = SharedBytes::copy_of(std::span<const int8_t>(bytes));
  }
  size_t const channels = layer.channels.count;
  out.quantization = {layer.scales, std::vector<int64_t>(channels, 0), channels > 1 ? layer.axis : 0};
  return out;
}

}  // namespace narrow
