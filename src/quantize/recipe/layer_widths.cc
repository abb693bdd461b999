#include "quantize/recipe/layer_widths.h"

namespace narrow {

LayerWidths layer_widths(const Settings& s, int bits) {
  LayerWidths w{.activations = bits, .weights = s.weights, .power_of_two = s.power_of_two};
  int const narrow_bias = s.power_of_two && bits == 8 && s.weights <= 8 ? 8 : 16;
  int const tflite_bias = bits == 16 ? 64 : 32;
  w.bias = s.bias.value_or(s.power_of_two || s.weights == 16 ? narrow_bias : tflite_bias);
  bool const short_sums = bits == 8 || (!s.power_of_two && s.weights <= 8 && s.bias == 32);
  w.arithmetic.accumulator_bits = s.accumulator.value_or(short_sums ? 32 : 64);
  bool const twice = !s.power_of_two && w.arithmetic.accumulator_bits == 32;
  w.arithmetic.rounding = s.rounding.value_or(twice ? RoundingRule::twice : RoundingRule::half_up);
  return w;
}

LayerWidths part_widths(Settings s, int bits) {
  if (bits == 16) s.accumulator = s.accumulator.value_or(64);
  return layer_widths(s, bits);
}

bool LayerWidths::is_tflite() const {
  if (weights > 8 || power_of_two) return false;
  if (activations == 8 || bias == 32) return bias == 32 && arithmetic == Arithmetic{RoundingRule::twice, 32};
  return bias == 64 && arithmetic == Arithmetic{RoundingRule::half_up, 64};
}

std::string conflict(const LayerWidths& w) {
  if (w.arithmetic.accumulator_bits == 64 && w.arithmetic.rounding == RoundingRule::twice)
    return "`rounding=double` is of 32-bit sums; it does not go with `accumulator=64`";
  if (w.arithmetic.accumulator_bits == 64 && w.activations == 8)
    return "`accumulator=64` does not go with `activations=8`, whose sums fit 32 bits";
  if (w.bias == 64 && w.arithmetic.accumulator_bits == 32)
    return "`bias=64` does not go with `accumulator=32`, which is that of 8-bit activations";
  if (w.power_of_two && w.arithmetic.rounding == RoundingRule::twice)
    return "`rounding=double` does not go with `scales=pow2`, whose shifts round once";
  return {};
}

}  // namespace narrow
