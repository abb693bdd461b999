#include "quantize/weights/parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "quantize/params.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/weights/bias.h"
#include "quantize/weights/power_of_two_scales.h"

namespace narrow {
namespace {

template <class Int>
SharedBytes integers_of(const std::vector<double>& values, double scale, double most) {
  std::vector<Int> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(),
                 [&](double v) { return static_cast<Int>(std::clamp(std::round(v / scale), -most, most)); });
  return SharedBytes::copy_of(std::span<const Int>(out));
}

Tensor with(const Tensor& like, DType dtype, float scale, SharedBytes data) {
  Tensor out = like;
  out.dtype = dtype;
  out.quantization = Quantization::of(scale, 0);
  out.data = std::move(data);
  return out;
}

}  // namespace

float largest_of(const Tensor& constant) {
  double most = 0;
  for (double v : real_bias(&constant)) most = std::max(most, std::fabs(v));
  return static_cast<float>(most);
}

float short_sums_scale(const Tensor& constant, const Tensor* bias, size_t sums, float of) {
  std::vector<double> const values = real_bias(&constant);
  std::vector<double> const biases = bias ? real_bias(bias) : std::vector<double>(sums, 0.0);
  size_t const each = values.size() / sums;
  // Rounding makes each value larger by half a step at most, and the bias too. A sum of too many values, for which
  // nothing is left, is refused where it is computed.
  constexpr double kReach = 32768;
  double const left = std::max(0x1p31 - 2 - kReach / 2 * static_cast<double>(each), 1.0);
  double most = 0;
  for (size_t s = 0; s < sums; ++s) {
    double sum = std::fabs(biases[s]) / static_cast<double>(of);
    for (size_t i = s * each; i < (s + 1) * each; ++i) sum += kReach * std::fabs(values[i]);
    most = std::max(most, sum);
  }
  // A step more than float32 rounds.
  return static_cast<float>(most / left * (1 + 0x1p-22));
}

float symmetric_scale(const Tensor& constant, int bits) {
  float const widest = weight_scale(largest_of(constant), bits);
  if (bits > 4) return widest;
  constexpr int kSteps = 64;  // of the widest scale; those from half of it on are tried
  std::vector<double> const values = real_bias(&constant);
  double const most = symmetric_limit(bits);
  float best = widest;
  double least = std::numeric_limits<double>::infinity();
  for (int k = kSteps; k >= kSteps / 2; --k) {
    float const scale = widest * static_cast<float>(k) / kSteps;
    double error = 0;
    for (double v : values) {
      double const e =
          v - static_cast<double>(scale) * std::clamp(std::round(v / static_cast<double>(scale)), -most, most);
      error += e * e;
    }
    if (error >= least) continue;
    least = error;
    best = scale;
  }
  return best;
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

Tensor symmetric_constant(const Tensor& constant, float scale, int bits) {
  std::vector<double> const values = real_bias(&constant);
  double const step = static_cast<double>(scale), most = symmetric_limit(bits);
  if (bits == 16) return with(constant, DType::int16, scale, integers_of<int16_t>(values, step, most));
  Tensor out = with(constant, DType::int8, scale, integers_of<int8_t>(values, step, most));
  out.four_bits = bits == 4;
  return out;
}

Result<Tensor> part_bias(const Tensor& bias, float data, float weights, const LayerWidths& widths) {
  constexpr float kGateStep = 0x1p-12F;  // of what sums become
  bool const wide = widths.activations == 16;
  float const scale = data * weights;
  double const step = static_cast<double>(scale), most = wide ? 0x1p46 : 0x1p31 - 1;
  std::vector<double> const values = real_bias(&bias);
  if (static_cast<double>(largest_of(bias)) > most * step)
    return fail(ErrorKind::unsupported, "its bias does not fit " + std::string(wide ? "46" : "32") + " bits");
  if (!widths.is_tflite())
    return shifted_bias(bias, values, {weights}, {.input_scale = data, .output_scale = kGateStep, .widths = widths})
        .tensor;
  return wide ? with(bias, DType::int64, scale, integers_of<int64_t>(values, step, most))
              : with(bias, DType::int32, scale, integers_of<int32_t>(values, step, most));
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
