// LayerWidths: the element types and the arithmetic with which one layer computes.
#pragma once

#include <string>

#include "graph/arithmetic.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

/// How a layer computes. Widths are in bits.
struct LayerWidths {
  int activations = 8;  // 8 or 16
  int weights = 8;      // 4, 6, 8 or 16
  int bias = 32;        // 8, 16, 32 or 64, or kAutoBias
  Arithmetic arithmetic{};
  bool power_of_two = false;  // all scales are 2^-n and all zero points 0

  /// Whether TFLite's rules for these types give the same arithmetic, so that the file need not state it.
  bool is_tflite() const;
};

/// The widths of a layer with activations of `bits`. What `settings` leave open follows from the rest:
/// - bias: 16 bits with 16-bit weights and in Qm.n (8 bits for 8-bit activations and weights of at most 8 bits there),
///   otherwise as in TFLite 32 bits, or 64 with 16-bit activations;
/// - accumulator: 64 bits with 16-bit activations (32 where weights of at most 8 bits and a 32-bit bias are asked for,
///   which TFLite sums in 32 bits), otherwise 32;
/// - rounding: once with ties up in Qm.n and for 64-bit accumulators, otherwise TFLite's double rounding.
LayerWidths layer_widths(const Settings& settings, int bits);

/// Likewise of an op that is not one layer but several (QuantRule::parts): with 16-bit activations its accumulators
/// have 64 bits, whatever its biases have.
LayerWidths part_widths(Settings settings, int bits);

/// Why the widths contradict each other, naming the two options; empty where they do not.
std::string conflict(const LayerWidths& widths);

}  // namespace narrow
