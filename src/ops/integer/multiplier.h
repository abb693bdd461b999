// Multiplier: a real factor as the kernels take it. Source: TFLite's QuantizeMultiplier; docs/arithmetic.md.
#pragma once

#include <cstdint>

namespace narrow {

/// factor = value * 2^(shift - 31), value in [2^30, 2^31 - 1] or 0.
struct Multiplier {
  int32_t value = 0;
  int shift = 0;
};

/// The nearest such pair to a finite factor >= 0 (ties of the 31-bit rounding away from zero). A factor under
/// 2^-32 becomes 0, as in the runtimes.
Multiplier quantize_multiplier(double factor);

}  // namespace narrow
