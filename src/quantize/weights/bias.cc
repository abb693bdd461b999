#include "quantize/weights/bias.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace narrow {
namespace {

template <class Int>
void add_real(const Tensor& bias, std::vector<double>& out) {
  const Quantization& q = bias.quantization;
  auto const v = bias.values<Int>();
  for (size_t c = 0; c < v.size(); ++c)
    out.push_back(static_cast<double>(v[c]) * static_cast<double>(q.scales[q.per_axis() ? c : 0]));
}

template <class Int>
SharedBytes narrowed(const std::vector<int64_t>& values) {
  std::vector<Int> q(values.size());
  std::transform(values.begin(), values.end(), q.begin(), [](int64_t v) { return static_cast<Int>(v); });
  return SharedBytes::copy_of(std::span<const Int>(q));
}

/// A tensor of integers that fit `bits`, with a scale for each or one for all.
Tensor bias_tensor(const Tensor& like, const std::vector<int64_t>& values, std::vector<float> scales, int bits) {
  Tensor out = like;
  switch (bits) {
    case 8:
      out.dtype = DType::int8;
      out.data = narrowed<int8_t>(values);
      break;
    case 16:
      out.dtype = DType::int16;
      out.data = narrowed<int16_t>(values);
      break;
    case 32:
      out.dtype = DType::int32;
      out.data = narrowed<int32_t>(values);
      break;
    default:
      out.dtype = DType::int64;
      out.data = narrowed<int64_t>(values);
  }
  std::vector<int64_t> zeros(scales.size(), 0);
  out.quantization = {std::move(scales), std::move(zeros), 0};
  return out;
}

/// `real` in steps of `scale`; 0 for a scale of 0, which channels have whose results do not depend on them.
double steps_of(double real, double scale) {
  return scale == 0 ? 0 : real / scale;
}

/// The scale of a bias without a shift.
std::vector<float> bias_scales(const std::vector<float>& weight_scales, const LayerSpec& spec) {
  std::vector<float> scales;
  for (float s : weight_scales) scales.push_back(spec.input_scale * s);
  return scales;
}

/// A bias as integers, and the k of each channel.
struct ShiftedBias {
  std::vector<int64_t> values;
  std::vector<int> shifts;
  double error = 0;  // the largest, in steps of the result
};

/// The least k at which a bias of `steps` * 2^-k rounds to an integer within +-limit.
int least_shift(double steps, double limit) {
  constexpr int kMostShift = 46;
  int k = 0;
  while (k < kMostShift && std::fabs(std::round(std::ldexp(steps, -k))) > limit) ++k;
  return k;
}

ShiftedBias shift_bias(const std::vector<double>& real, const std::vector<float>& weight_scales, const LayerSpec& spec,
                       int bits) {
  double const limit = std::ldexp(1.0, bits - 1) - 1;
  auto step = [&](size_t c) {
    return static_cast<double>(spec.input_scale * weight_scales[weight_scales.size() > 1 ? c : 0]);
  };
  ShiftedBias out;
  for (size_t c = 0; c < real.size(); ++c) out.shifts.push_back(least_shift(steps_of(real[c], step(c)), limit));
  if (spec.widths.power_of_two && weight_scales.size() == 1 && !real.empty())
    out.shifts.assign(real.size(), *std::max_element(out.shifts.begin(), out.shifts.end()));
  for (size_t c = 0; c < real.size(); ++c) {
    double const scale = std::ldexp(step(c), out.shifts[c]);
    double const q = std::clamp(std::round(steps_of(real[c], scale)), -limit, limit);
    out.values.push_back(static_cast<int64_t>(q));
    out.error = std::max(out.error, std::fabs(real[c] - q * scale) / static_cast<double>(spec.output_scale));
  }
  return out;
}

/// The bias in the width that the layer asks for, with that width. For kAutoBias, the narrowest with an error below a
/// quarter of a step of the result.
std::pair<ShiftedBias, int> fitting_bias(const std::vector<double>& real, const std::vector<float>& weight_scales,
                                         const LayerSpec& spec) {
  if (spec.widths.bias != kAutoBias) return {shift_bias(real, weight_scales, spec, spec.widths.bias), spec.widths.bias};
  for (int bits : {8, 16}) {
    ShiftedBias b = shift_bias(real, weight_scales, spec, bits);
    if (b.error < 0.25) return {std::move(b), bits};
  }
  return {shift_bias(real, weight_scales, spec, 32), 32};
}

}  // namespace

std::vector<double> real_bias(const Tensor* bias) {
  std::vector<double> out;
  if (!bias) return out;
  switch (bias->dtype) {
    case DType::int8:
      add_real<int8_t>(*bias, out);
      break;
    case DType::int16:
      add_real<int16_t>(*bias, out);
      break;
    case DType::int32:
      add_real<int32_t>(*bias, out);
      break;
    case DType::int64:
      add_real<int64_t>(*bias, out);
      break;
    default:
      for (float v : bias->values<float>()) out.push_back(static_cast<double>(v));
  }
  return out;
}

StoredBias tflite_bias(const Tensor& like, const std::vector<double>& values, const std::vector<float>& weight_scales,
                       const LayerSpec& spec) {
  std::vector<float> scales = bias_scales(weight_scales, spec);
  std::vector<int64_t> q;
  for (size_t c = 0; c < values.size(); ++c)
    q.push_back(
        static_cast<int64_t>(std::round(steps_of(values[c], static_cast<double>(scales[scales.size() > 1 ? c : 0])))));
  return {.tensor = bias_tensor(like, q, std::move(scales), spec.widths.bias)};
}

StoredBias shifted_bias(const Tensor& like, const std::vector<double>& values, const std::vector<float>& weight_scales,
                        const LayerSpec& spec) {
  auto const [chosen, bits] = fitting_bias(values, weight_scales, spec);
  std::vector<float> const steps = bias_scales(weight_scales, spec);
  std::vector<float> scales;
  for (size_t c = 0; c < values.size(); ++c)
    scales.push_back(std::ldexp(steps[steps.size() > 1 ? c : 0], chosen.shifts[c]));
  if (std::all_of(scales.begin(), scales.end(), [&](float s) { return s == scales.front(); })) scales.resize(1);
  StoredBias out{.tensor = bias_tensor(like, chosen.values, std::move(scales), bits), .bits = bits};
  out.error = chosen.error;
  auto const [least, most] = std::minmax_element(chosen.shifts.begin(), chosen.shifts.end());
  out.least_shift = chosen.shifts.empty() ? 0 : *least;
  out.most_shift = chosen.shifts.empty() ? 0 : *most;
  return out;
}

}  // namespace narrow
