#include "tables.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace narrow {

namespace {

/// A whole number of steps, zero point included, kept in the type; what is no number counts as none.
std::int8_t clamped8(float steps, std::int32_t zero_point) {
  return static_cast<std::int8_t>(std::isnan(steps) ? static_cast<float>(zero_point)
                                                    : std::clamp(steps, -128.0f, 127.0f));
}

}  // namespace

Table8 litert_table8(Affine in, Affine out, const std::function<float(float)>& f) {
  float const inverse = 1.0f / out.scale;
  Table8 table{};
  for (std::int32_t q = -128; q <= 127; ++q) {
    float const x = in.scale * static_cast<float>(q - in.zero_point);
    float const rounded = std::round(f(x) * inverse);
    float const shifted = rounded + static_cast<float>(out.zero_point);
    table[static_cast<std::size_t>(q + 128)] = clamped8(shifted, out.zero_point);
  }
  return table;
}

float litert_logistic(float x) {
  return 1.0f / (1.0f + std::exp(-x));
}
float litert_tanh(float x) {
  return std::tanh(x);
}

Table8 xnnpack_table8(Affine in, Affine out, const std::function<float(float)>& f) {
  float const inverse = 1.0f / out.scale;
  Table8 table{};
  for (std::int32_t q = -128; q <= 127; ++q) {
    float const x = static_cast<float>(q - in.zero_point) * in.scale;
    float const y = f(x) * inverse + static_cast<float>(out.zero_point);
    table[static_cast<std::size_t>(q + 128)] = clamped8(std::nearbyint(y), out.zero_point);
  }
  return table;
}

float xnnpack_logistic(float x) {
  if (x > 100) return 1;
  if (x < -100) return 0;
  double const e = std::exp(static_cast<double>(x));
  return static_cast<float>(e / (1 + e));
}

template <typename Real>
Table16 interpolation_table16(Real in_scale, std::int32_t in_zero_point, Real out_scale, std::int32_t out_zero_point,
                              const std::function<Real(Real)>& f) {
  constexpr int intervals = 512;
  Real const first = in_scale * static_cast<Real>(-32768 - in_zero_point);
  Real const last = in_scale * static_cast<Real>(32767 - in_zero_point);
  Real const low = out_scale * static_cast<Real>(-32768 - out_zero_point);
  Real const high = out_scale * static_cast<Real>(32767 - out_zero_point);
  Real const step = (last - first) / intervals;
  Real const half_step = step / 2;
  Real const units = static_cast<Real>(65536) / (high - low);
  auto const stored = [](Real v) {
    return static_cast<std::int16_t>(std::isnan(v) ? Real(0) : std::clamp<Real>(v, -32768, 32767));
  };

  Table16 table{};
  for (int i = 0; i < intervals; ++i) {
    Real const x = first + static_cast<Real>(i) * step;
    Real const sample = std::round(f(x) * units);
    Real const next = f(first + static_cast<Real>(i + 1) * step) * units;
    Real const chord = std::round((next + sample) / 2);
    Real const middle = std::round(f(x + half_step) * units);
    table[static_cast<std::size_t>(i)] = stored(sample - std::round((chord - middle) / 2));
  }
  table[intervals] = stored(std::round(f(last) * units));
  return table;
}

template Table16 interpolation_table16(float, std::int32_t, float, std::int32_t, const std::function<float(float)>&);
template Table16 interpolation_table16(double, std::int32_t, double, std::int32_t,
                                       const std::function<double(double)>&);

template <typename Real>
Table16 softmax_exp_table() {
  return interpolation_table16<Real>(Real(10) / 65535, 32767, Real(2) / 65535, 0, [](Real x) { return std::exp(x); });
}

template <typename Real>
Table16 softmax_reciprocal_table() {
  return interpolation_table16<Real>(Real(1) / 65535, -32768, Real(2) / 65535, 0, [](Real x) { return 1 / (1 + x); });
}

template Table16 softmax_exp_table<float>();
template Table16 softmax_exp_table<double>();
template Table16 softmax_reciprocal_table<float>();
template Table16 softmax_reciprocal_table<double>();

std::array<std::uint16_t, 256> squash_table() {
  auto const sigmoid = [](double x) { return 65536.0 / (1.0 + std::exp(-x / 24)); };
  std::array<std::uint16_t, 256> table{};
  for (std::size_t i = 0; i < 255; ++i) {
    double const x = static_cast<double>(i);
    double const sag = sigmoid(x + 0.5) - (sigmoid(x) + sigmoid(x + 1)) / 2;
    table[i] = static_cast<std::uint16_t>(std::round(sigmoid(x) + sag / 2));
  }
  table[255] = 65535;
  return table;
}

std::array<float, 256> softmax_float_table(float in_scale, float beta) {
  float const scale = -in_scale * beta;
  std::array<float, 256> table{};
  for (std::size_t d = 0; d < 256; ++d) table[255 - d] = std::exp(scale * static_cast<float>(d));
  return table;
}

std::vector<std::uint16_t> nearest_sources(std::int32_t in, std::int32_t out, bool align_corners,
                                           bool half_pixel_centers) {
  bool const corners = align_corners && out > 1;
  float const scale = static_cast<float>(in - corners) / static_cast<float>(out - corners);
  float const offset = half_pixel_centers ? 0.5f : 0.0f;
  std::vector<std::uint16_t> sources(static_cast<std::size_t>(out));
  for (std::int32_t i = 0; i < out; ++i) {
    float const at = (static_cast<float>(i) + offset) * scale;
    auto const source = static_cast<std::int32_t>(align_corners ? std::round(at) : std::floor(at));
    sources[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(std::min(source, in - 1));
  }
  return sources;
}

}  // namespace narrow
