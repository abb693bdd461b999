// IEEE 754 binary16, as bits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace narrow {

/// Largest finite float16.
inline constexpr float kFloat16Max = 65504.0f;

/// The value of a float16 given by its bits.
inline float from_float16(uint16_t bits) {
  int const exponent = bits >> 10 & 31;
  auto const fraction = static_cast<float>(bits & 1023);
  float const magnitude = exponent == 31  ? (bits & 1023 ? NAN : INFINITY)
                          : exponent == 0 ? std::ldexp(fraction, -24)
                                          : std::ldexp(1024.0f + fraction, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

/// The bits of the nearest float16, ties to even; magnitudes beyond the largest become the largest; NaN stays NaN.
inline uint16_t to_float16(float value) {
  auto const sign = static_cast<uint16_t>(std::signbit(value) ? 0x8000 : 0);
  float const m = std::fabs(value);
  if (std::isnan(value)) return static_cast<uint16_t>(sign | 0x7e00);
  if (m >= kFloat16Max) return static_cast<uint16_t>(sign | 0x7bff);
  int exponent = 0;
  std::frexp(m, &exponent);  // m in [2^(exponent - 1), 2^exponent)
  // Steps are 2^(exponent - 11), and never finer than those of the subnormals.
  int const step = m == 0 ? -24 : std::max(exponent - 11, -24);
  auto const q = static_cast<uint16_t>(std::nearbyint(std::ldexp(m, -step)));
  // q counts steps: 1024 of them lie below the normal range; a carry out of the fraction is one more exponent.
  return static_cast<uint16_t>(sign | (((step + 24) << 10) + q));
}

}  // namespace narrow
