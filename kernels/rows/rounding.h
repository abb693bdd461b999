// How accumulators become outputs, as runtimes do it.
#pragma once

#include <cstdint>

namespace narrow {

/// docs/arithmetic.md derives each.
enum class Rounding : uint8_t {
  refused,      // nobody has verified what the runtime does
  double_away,  // 31-bit multiplier, two roundings, second with ties away from zero: nw_requantize_double
  double_up,    // the same, both with ties up: nw_requantize_double_up
  mixed,        // double_up in whole groups of 8 channels, double_away in the rest
  single,       // 31-bit multiplier, one rounding, ties up: nw_requantize_single
  wide,         // 64-bit accumulator, 16-bit multiplier, one rounding, ties up: nw_requantize_wide
  float32,      // float32 product, ties to even: XNNPACK
  float64,      // double product, ties away from zero: LiteRT's reference FULLY_CONNECTED
  by_rule,      // as single or wide, by the rule that the model itself names; saturates: nw_requantize_by
};

}  // namespace narrow
