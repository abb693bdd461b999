// Arithmetic: what the types and scales of an op do not say about how it computes in integers.
#pragma once

#include "narrow/rounding.h"

namespace narrow {

/// Said by an op of the model itself (metadata `narrow.arithmetic`). An op that says nothing means what TFLite's rules
/// say for its types.
struct Arithmetic {
  RoundingRule rounding = RoundingRule::twice;
  int accumulator_bits = 32;  // 32 or 64, of layers
  bool operator==(const Arithmetic&) const = default;
};

}  // namespace narrow
