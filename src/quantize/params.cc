#include "quantize/params.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "ops/def/attributes.h"

namespace narrow {
namespace {

constexpr double kNarrowest = 1e-6;
constexpr int kMostFractionBits = 126;

template <class Int>
SharedBytes quantize_all(std::span<const float> values, const QuantParams& params) {
  std::vector<Int> q(values.size());
  std::transform(values.begin(), values.end(), q.begin(),
                 [&](float v) { return static_cast<Int>(quantize_value(v, params)); });
  return SharedBytes::copy_of(std::span<const Int>(q));
}

}  // namespace

std::optional<Range> union_of(const std::optional<Range>& a, const std::optional<Range>& b) {
  if (!a || !b) return a ? a : b;
  return Range{std::min(a->lo, b->lo), std::max(a->hi, b->hi)};
}

Range range_of_constant(const Tensor& constant) {
  Range r;
  for (float v : constant.values<float>()) r = {std::min(r.lo, v), std::max(r.hi, v)};
  return r;
}

DType activation_type(int bits) {
  return bits == 16 ? DType::int16 : DType::int8;
}

QuantParams activation_params(Range range, int bits) {
  if (range == Range{})
    return bits == 16 ? QuantParams{DType::int16, 0x1p-15f, 0} : QuantParams{DType::int8, 0x1p-7f, 0};
  double lo = std::min<double>(range.lo, 0), hi = std::max<double>(range.hi, 0);
  if (bits == 16) {
    double const largest = std::max({-lo, hi, kNarrowest});
    return {DType::int16, static_cast<float>(largest / 32767), 0};
  }
  if (hi - lo < kNarrowest) {
    lo -= kNarrowest;
    hi += kNarrowest;
  }
  double const scale = (hi - lo) / 255;
  double const zero = std::round(-128 - lo / scale);
  return {DType::int8, static_cast<float>(scale), static_cast<int32_t>(std::clamp(zero, -128.0, 127.0))};
}

QuantParams power_of_two_params(Range range, int bits) {
  DType const type = activation_type(bits);
  IntegerInterval const q = integer_range(type);
  double const lo = range.lo, hi = range.hi;
  if (range == Range{}) return {type, bits == 16 ? 0x1p-15f : 0x1p-7f, 0};
  int n = kMostFractionBits;
  auto holds = [&](double scale) { return hi <= (q.hi + 0.5) * scale && lo >= (q.lo - 0.5) * scale; };
  while (n > -kMostFractionBits && !holds(std::ldexp(1.0, -n))) --n;
  return {type, static_cast<float>(std::ldexp(1.0, -n)), 0};
}

QuantParams ParamsRule::params(Range range) const {
  auto widened = [&](float v) {
    return std::max(v, static_cast<float>(std::min(headroom * static_cast<double>(v), static_cast<double>(bound))));
  };
  if (headroom > 1) range = {-widened(-range.lo), widened(range.hi)};
  if (symmetric && bits == 8 && range != Range{}) return {DType::int8, weight_scale(std::max(-range.lo, range.hi)), 0};
  if (!power_of_two) return activation_params(range, bits);
  QuantParams out = power_of_two_params(range, bits);
  out.scale = std::max(out.scale, min_scale);
  return out;
}

double ParamsRule::before_headroom(double value) const {
  return value <= static_cast<double>(bound) ? value / headroom : value;
}

float weight_scale(float largest, int bits) {
  return static_cast<float>(std::max<double>(largest, kNarrowest / 2) / symmetric_limit(bits));
}

bool fit_bits(std::span<const int8_t> integers, int bits) {
  int const half = 1 << (bits - 1);
  return std::all_of(integers.begin(), integers.end(), [&](int8_t v) { return v >= -half && v < half; });
}

int32_t quantize_value(float real, const QuantParams& params) {
  IntegerInterval const range = integer_range(params.dtype);
  double const q = std::round(static_cast<double>(real) / static_cast<double>(params.scale)) + params.zero_point;
  return static_cast<int32_t>(std::clamp(q, static_cast<double>(range.lo), static_cast<double>(range.hi)));
}

Tensor quantize_constant(const Tensor& constant, const QuantParams& params) {
  Tensor out = constant;
  out.dtype = params.dtype;
  out.quantization = params.quantization();
  out.data = params.dtype == DType::int16 ? quantize_all<int16_t>(constant.values<float>(), params)
                                          : quantize_all<int8_t>(constant.values<float>(), params);
  return out;
}

}  // namespace narrow
