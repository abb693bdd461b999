// Values rounded so coarsely that the last bits of the float run they come from do not show.
#pragma once

#include <cmath>

namespace narrow {

/// The significant bits of what quantization is chosen by: float libraries and processors differ beyond the twentieth.
inline constexpr int kSteadyBits = 12;

/// The finite number of least magnitude that has at most kSteadyBits significant bits and at least the magnitude of
/// `value`, which is finite.
inline double outward(double value) {
  int exponent = 0;
  double const part = std::frexp(std::fabs(value), &exponent);
  return std::copysign(std::ldexp(std::ceil(std::ldexp(part, kSteadyBits)), exponent - kSteadyBits), value);
}

}  // namespace narrow
