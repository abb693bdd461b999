// How accumulators become outputs, as runtimes do it.
#pragma once

#include <cstdint>

namespace narrow {

/// docs/arithmetic.md derives each.
enum class Rounding : uint8_t {
  refused,      // nobody has verified what the runtime does
  double_away,  // 31-bit multiplier, two roundings, second with ties away from zero
  double_up,    // the same, both with ties up
  mixed,        // double_up in whole groups of 8 channels, double_away in the rest
  single,       // 31-bit multiplier, one rounding, ties up
  wide,         // 64-bit accumulator, 16-bit multiplier, one rounding, ties up
  float32,      // float32 product, ties to even
  float64,      // double product, ties away from zero
  by_rule,      // as single or wide, by the rule that the model itself names; saturates
};

}  // namespace narrow
