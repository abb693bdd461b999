#include "quantize/weights/parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "quantize/params.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/weights/bias.h"
#include "quantize/weights/layer_constants.h"
#include "quantize/weights/power_of_two_scales.h"

namespace narrow {
namespace {

/// The part to which each of `count` values belongs.
size_t part_of(size_t i, size_t count, size_t parts) {
  return i / std::max<size_t>(count / parts, 1);
}

template <class Int>
SharedBytes integers_of(const std::vector<double>& values, const std::vector<float>& scales, double most) {
  std::vector<Int> out(values.size());
  for (size_t i = 0; i < out.size(); ++i) {
    auto const scale = static_cast<double>(scales[part_of(i, out.size(), scales.size())]);
    out[i] = static_cast<Int>(std::clamp(std::round(values[i] / scale), -most, most));
  }
  return SharedBytes::copy_of(std::span<const Int>(out));
}

/// One scale for all, or one for each row, which then stand for their parts.
Quantization quantization_of(const Tensor& t, const std::vector<float>& scales) {
  if (scales.size() == 1) return Quantization::of(scales[0], 0);
  Quantization out;
  auto const rows = static_cast<size_t>(t.shape[0]);
  for (size_t row = 0; row < rows; ++row) out.scales.push_back(scales[part_of(row, rows, scales.size())]);
  return out;
}

Tensor with(const Tensor& like, DType dtype, const std::vector<float>& scales, SharedBytes data) {
  Tensor out = like;
  out.dtype = dtype;
  out.quantization = quantization_of(like, scales);
  out.data = std::move(data);
  return out;
}

/// The scale, from half of `widest` on, at which the values in integers of `bits` have the least squared error.
float least_error_scale(std::span<const double> values, float widest, int bits) {
  constexpr int kSteps = 64;  // of the widest scale
  double const most = symmetric_limit(bits);
  float best = widest;
  double least = std::numeric_limits<double>::infinity();
  for (int k = kSteps; k >= kSteps / 2; --k) {
    auto const scale = static_cast<double>(widest * static_cast<float>(k) / kSteps);
    double error = 0;
    for (double v : values) {
      double const e = v - scale * std::clamp(std::round(v / scale), -most, most);
      error += e * e;
    }
    if (error >= least) continue;
    least = error;
    best = static_cast<float>(scale);
  }
  return best;
}

}  // namespace

std::vector<float> largest_of_parts(const Tensor& constant, size_t parts) {
  std::vector<double> const values = real_bias(&constant);
  std::vector<float> most(parts);
  for (size_t i = 0; i < values.size(); ++i) {
    float& part = most[part_of(i, values.size(), most.size())];
    part = std::max(part, static_cast<float>(std::fabs(values[i])));
  }
  return most;
}

float short_sums_scale(const Tensor& constant, const Tensor* bias, size_t sums, float of) {
  std::vector<double> const values = real_bias(&constant);
  std::vector<double> const biases = bias ? real_bias(bias) : std::vector<double>(sums, 0.0);
  size_t const each = values.size() / sums;
  // Rounding makes each value larger by half a step at most, and the bias too. A sum of too many values, for which
  // nothing is left, is refused where it is computed.
  constexpr double kReach = 32768, kMost = 0x1p31 - 0x1p15 - 2;
  double const left = std::max(kMost - kReach / 2 * static_cast<double>(each), 1.0);
  double most = 0;
  for (size_t s = 0; s < sums; ++s) {
    double sum = std::fabs(biases[s]) / static_cast<double>(of);
    for (size_t i = s * each; i < (s + 1) * each; ++i) sum += kReach * std::fabs(values[i]);
    most = std::max(most, sum);
  }
  // A step more than float32 rounds.
  return static_cast<float>(most / left * (1 + 0x1p-22));
}

std::vector<float> symmetric_scales(const Tensor& constant, size_t parts, int bits) {
  std::vector<float> scales = largest_of_parts(constant, parts);
  for (float& scale : scales) scale = weight_scale(scale, bits);
  if (bits > 4) return scales;
  std::vector<double> const values = real_bias(&constant);
  for (size_t part = 0; part < parts; ++part) {
    size_t const each = values.size() / parts;
    scales[part] = least_error_scale(std::span(values).subspan(part * each, each), scales[part], bits);
  }
  return scales;
}

float power_of_two_scale(const Tensor& constant, int bits) {
  Tensor real = constant;
  std::vector<double> const values = real_bias(&constant);
  std::vector<float> const floats(values.begin(), values.end());
  real.dtype = DType::float32;
  real.data = SharedBytes::copy_of(std::span<const float>(floats));
  WeightChannels const together = weight_channels(real, 0, Granularity::tensor);
  return power_of_two_weight_scales(real, together, 0, bits, nullptr).front();
}

Tensor symmetric_constant(const Tensor& constant, const std::vector<float>& scales, int bits) {
  std::vector<double> const values = real_bias(&constant);
  double const most = symmetric_limit(bits);
  if (bits == 16) return with(constant, DType::int16, scales, integers_of<int16_t>(values, scales, most));
  Tensor out = with(constant, DType::int8, scales, integers_of<int8_t>(values, scales, most));
  out.four_bits = bits == 4;
  return out;
}

Result<Tensor> part_bias(const Tensor& bias, float data, const std::vector<float>& weights, const LayerWidths& widths) {
  bool const wide = widths.activations == 16;
  std::vector<float> scales = weights;
  for (float& scale : scales) scale *= data;
  double const most = wide ? 0x1p46 : 0x1p31 - 1;
  std::vector<float> const largest = largest_of_parts(bias, scales.size());
  for (size_t part = 0; part < scales.size(); ++part)
    if (static_cast<double>(largest[part]) > most * static_cast<double>(scales[part]))
      return fail(ErrorKind::unsupported, "its bias does not fit " + std::string(wide ? "46" : "32") + " bits");
  std::vector<double> const values = real_bias(&bias);
  if (!widths.is_tflite())
    return shifted_bias(bias, values, weights, {.input_scale = data, .output_scale = kPartStep, .widths = widths})
        .tensor;
  return wide ? with(bias, DType::int64, scales, integers_of<int64_t>(values, scales, most))
              : with(bias, DType::int32, scales, integers_of<int32_t>(values, scales, most));
}

Result<PartConstants> quantize_part(const Tensor& weights, const Tensor* bias, const LayerSpec& spec) {
  bool const of_all = bias && bias->elements() == weights.shape[0];
  LayerConstants made = quantize_layer(weights, of_all ? bias : nullptr, spec);
  PartConstants out{std::move(made.weights), std::nullopt};
  if (made.bias) out.bias = std::move(made.bias->tensor);
  if (!bias || of_all) return out;
  std::vector<float> scales = out.weights.quantization.scales;
  if (auto const rows = static_cast<size_t>(bias->elements()); scales.size() > rows)
    scales.erase(scales.begin(), scales.end() - static_cast<std::ptrdiff_t>(rows));
  NARROW_TRY(out.bias, part_bias(*bias, spec.input_scale, scales, spec.widths));
  return out;
}

Tensor zeros(std::string name, const Shape& shape, DType dtype, const Quantization& quantization) {
  Tensor out;
  out.name = std::move(name);
  out.shape = shape;
  out.dtype = dtype;
  out.quantization = quantization;
  auto const n = static_cast<size_t>(shape.elements());
  auto const zero = quantization.zero_point();
  std::vector<int16_t> const words(n, static_cast<int16_t>(zero));
  std::vector<int8_t> const bytes(n, static_cast<int8_t>(zero));
  out.data = dtype == DType::int16 ? SharedBytes::copy_of(std::span<const int16_t>(words))
                                   : SharedBytes::copy_of(std::span<const int8_t>(bytes));
  out.constant = true;
  return out;
}

}  // namespace narrow
