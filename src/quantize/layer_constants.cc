#include "quantize/layer_constants.h"

#include <algorithm>
#include <cmath>

namespace narrow {
namespace {

/// How a weight tensor falls into the parts that have one scale each.
struct Channels {
  size_t count = 1;  // number of scales
  size_t inner = 1;  // neighbouring elements of the same index

  size_t of(size_t element) const { return element / inner % count; }
};

Channels channels_of(const Tensor& weights, int axis, Granularity granularity) {
  if (granularity == Granularity::tensor) return {1, static_cast<size_t>(std::max<int64_t>(weights.elements(), 1))};
  return {static_cast<size_t>(weights.shape[axis]),
          static_cast<size_t>(weights.shape.product(axis + 1, weights.shape.rank()))};
}

std::vector<float> scales_of(std::span<const float> w, const Channels& channels) {
  std::vector<float> largest(channels.count, 0.0f);
  for (size_t i = 0; i < w.size(); ++i) {
    float& m = largest[channels.of(i)];
    m = std::max(m, std::fabs(w[i]));
  }
  for (float& m : largest) m = weight_scale(m);
  return largest;
}

int8_t to_weight(float v, float scale) {
  return static_cast<int8_t>(std::clamp(std::round(v / scale), -127.0f, 127.0f));
}

Tensor store_weights(const Tensor& weights, const Channels& channels, std::vector<float> scales, int axis) {
  std::span<const float> const w = weights.values<float>();
  Bytes q(w.size());
  for (size_t i = 0; i < w.size(); ++i) q[i] = static_cast<std::byte>(to_weight(w[i], scales[channels.of(i)]));
  Tensor out = weights;
  out.dtype = DType::int8;
  out.data = SharedBytes(std::move(q));
  out.quantization = {std::move(scales), std::vector<int64_t>(channels.count, 0), channels.count > 1 ? axis : 0};
  return out;
}

/// The largest bias, in steps of its scale, that does not enlarge the weight scale: half of what 32 bits hold, also
/// where 64 are stored, since some runtimes give 16x8 layers 32-bit accumulators.
constexpr double kBiasLimit = 1073741824.0;

/// Enlarges the scales of channels whose bias would not fit; returns how many.
int fit_bias(std::vector<float>& scales, std::span<const float> bias, const LayerForm& form) {
  std::vector<float> const before = scales;
  for (size_t c = 0; c < bias.size(); ++c) {
    float& s = scales[scales.size() > 1 ? c : 0];
    double const needed = std::fabs(static_cast<double>(bias[c])) / kBiasLimit / static_cast<double>(form.input_scale);
    if (needed > static_cast<double>(s)) s = std::nextafter(static_cast<float>(needed), INFINITY);
  }
  int widened = 0;
  for (size_t i = 0; i < scales.size(); ++i) widened += scales[i] != before[i];
  return widened;
}

template <class Int>
SharedBytes bias_values(std::span<const float> bias, const std::vector<float>& scales) {
  std::vector<Int> q(bias.size());
  for (size_t c = 0; c < bias.size(); ++c) {
    double const scale = static_cast<double>(scales[scales.size() > 1 ? c : 0]);
    q[c] = static_cast<Int>(std::round(static_cast<double>(bias[c]) / scale));
  }
  return SharedBytes::copy_of(std::span<const Int>(q));
}

Tensor store_bias(const Tensor& bias, const std::vector<float>& weight_scales, const LayerForm& form) {
  std::vector<float> scales;
  for (float s : weight_scales) scales.push_back(form.input_scale * s);
  Tensor out = bias;
  out.dtype = form.bias_bits == 64 ? DType::int64 : DType::int32;
  out.data = form.bias_bits == 64 ? bias_values<int64_t>(bias.values<float>(), scales)
                                  : bias_values<int32_t>(bias.values<float>(), scales);
  out.quantization = {scales, std::vector<int64_t>(scales.size(), 0), 0};
  return out;
}

}  // namespace

LayerConstants quantize_layer(const Tensor& weights, const Tensor* bias, const LayerForm& form) {
  Channels const channels = channels_of(weights, form.axis, form.granularity);
  std::vector<float> scales = scales_of(weights.values<float>(), channels);
  LayerConstants out;
  if (bias) {
    out.widened_channels = fit_bias(scales, bias->values<float>(), form);
    out.bias = store_bias(*bias, scales, form);
  }
  out.weights = store_weights(weights, channels, std::move(scales), form.axis);
  return out;
}

Tensor quantize_weights(const Tensor& weights, int axis, Granularity granularity) {
  Channels const channels = channels_of(weights, axis, granularity);
  return store_weights(weights, channels, scales_of(weights.values<float>(), channels), axis);
}

Tensor constant_on_grid(const Tensor& constant, const Grid& grid) {
  std::span<const float> const v = constant.values<float>();
  Tensor out = constant;
  out.dtype = grid.dtype;
  out.quantization = grid.quantization();
  if (grid.dtype == DType::int16) {
    std::vector<int16_t> q(v.size());
    std::transform(v.begin(), v.end(), q.begin(), [&](float x) { return static_cast<int16_t>(to_grid(x, grid)); });
    out.data = SharedBytes::copy_of(std::span<const int16_t>(q));
  } else {
    std::vector<int8_t> q(v.size());
    std::transform(v.begin(), v.end(), q.begin(), [&](float x) { return static_cast<int8_t>(to_grid(x, grid)); });
    out.data = SharedBytes::copy_of(std::span<const int8_t>(q));
  }
  return out;
}

}  // namespace narrow
