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
int fit_bias(std::vector<float>& scales, const std::vector<double>& bias, const LayerForm& form) {
  std::vector<float> const before = scales;
  for (size_t c = 0; c < bias.size(); ++c) {
    float& s = scales[scales.size() > 1 ? c : 0];
    double const needed = std::fabs(bias[c]) / kBiasLimit / static_cast<double>(form.input_scale);
    if (needed > static_cast<double>(s)) s = std::nextafter(static_cast<float>(needed), INFINITY);
  }
  int widened = 0;
  for (size_t i = 0; i < scales.size(); ++i) widened += scales[i] != before[i];
  return widened;
}

/// The real values of a float32 constant, or of integers with scales along the channels.
std::vector<double> real_bias(const Tensor* bias) {
  if (!bias) return {};
  std::vector<double> out(static_cast<size_t>(bias->elements()));
  const Quantization& q = bias->quantization;
  auto scale = [&](size_t c) { return static_cast<double>(q.scales[q.per_axis() ? c : 0]); };
  for (size_t c = 0; c < out.size(); ++c) {
    if (bias->dtype == DType::int32)
      out[c] = static_cast<double>(bias->values<int32_t>()[c]) * scale(c);
    else if (bias->dtype == DType::int64)
      out[c] = static_cast<double>(bias->values<int64_t>()[c]) * scale(c);
    else
      out[c] = static_cast<double>(bias->values<float>()[c]);
  }
  return out;
}

template <class Int>
SharedBytes in_steps(const std::vector<double>& bias, const std::vector<float>& scales) {
  std::vector<Int> q(bias.size());
  for (size_t c = 0; c < bias.size(); ++c) {
    double const scale = static_cast<double>(scales[scales.size() > 1 ? c : 0]);
    q[c] = static_cast<Int>(std::round(bias[c] / scale));
  }
  return SharedBytes::copy_of(std::span<const Int>(q));
}

std::vector<float> bias_scales(const std::vector<float>& weight_scales, const LayerForm& form) {
  std::vector<float> scales;
  for (float s : weight_scales) scales.push_back(form.input_scale * s);
  return scales;
}

Tensor store_bias(const Tensor& bias, const std::vector<double>& values, const std::vector<float>& weight_scales,
                  const LayerForm& form) {
  std::vector<float> scales = bias_scales(weight_scales, form);
  Tensor out = bias;
  out.dtype = form.bias_bits == 64 ? DType::int64 : DType::int32;
  out.data = form.bias_bits == 64 ? in_steps<int64_t>(values, scales) : in_steps<int32_t>(values, scales);
  std::vector<int64_t> zeros(scales.size(), 0);
  out.quantization = {std::move(scales), std::move(zeros), 0};
  return out;
}

}  // namespace

LayerConstants quantize_layer(const Tensor& weights, const Tensor* bias, const LayerForm& form) {
  Channels const channels = channels_of(weights, form.axis, form.granularity);
  std::vector<float> scales = scales_of(weights.values<float>(), channels);
  LayerConstants out;
  if (bias) {
    std::vector<double> const values = real_bias(bias);
    out.widened_channels = fit_bias(scales, values, form);
    out.bias = store_bias(*bias, values, scales, form);
  }
  out.weights = store_weights(weights, channels, std::move(scales), form.axis);
  return out;
}

Result<LayerConstants> keep_layer(const Tensor& weights, const Tensor* bias, const LayerForm& form) {
  LayerConstants out{.weights = weights, .bias = std::nullopt};
  if (!bias) return out;
  std::vector<double> const values = real_bias(bias);
  std::vector<float> const scales = bias_scales(weights.quantization.scales, form);
  for (size_t c = 0; c < values.size(); ++c)
    if (std::fabs(values[c]) > 2147483647.0 * static_cast<double>(scales[scales.size() > 1 ? c : 0]))
      return fail(ErrorKind::unsupported,
                  "the bias of channel " + std::to_string(c) + " does not fit 32 bits with the file's weight scales",
                  {}, "--keep-float leaves the op float");
  out.bias = store_bias(*bias, values, weights.quantization.scales, form);
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
