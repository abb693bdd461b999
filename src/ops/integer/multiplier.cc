#include "ops/integer/multiplier.h"

#include <cmath>

namespace narrow {

Multiplier quantize_multiplier(double factor) {
  if (factor == 0) return {};
  int shift = 0;
  double const fraction = std::frexp(factor, &shift);
  auto value = static_cast<int64_t>(std::round(fraction * 2147483648.0));
  if (value == int64_t{1} << 31) {
    value /= 2;
    ++shift;
  }
  if (shift < -31) return {};
  return {static_cast<int32_t>(value), shift};
}

}  // namespace narrow
