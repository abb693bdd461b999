// QuantParams: the integers that stand for the real values of a tensor.
#pragma once

#include <cstdint>
#include <limits>

#include "graph/tensor.h"

namespace narrow {

/// An interval that holds zero: lo <= 0 <= hi, both finite. {0, 0} where a tensor was never other than zero.
struct Range {
  float lo = 0;
  float hi = 0;
  bool operator==(const Range&) const = default;
};

/// real = (q - zero_point) * scale, q of type dtype.
struct QuantParams {
  DType dtype = DType::int8;
  float scale = 1;
  int32_t zero_point = 0;
  bool operator==(const QuantParams&) const = default;

  Quantization quantization() const { return Quantization::of(scale, zero_point); }
};

/// The type of activations of a width: int8 or int16.
DType activation_type(int bits);

/// The params of an activation: 8 bits asymmetric over the range widened to hold zero, 16 bits symmetric about zero
/// with +-32767 at the larger end. A range narrower than 1e-6 is widened by 1e-6 at both ends, as TFLite's converter
/// does, so that the scale is never zero. What was never other than zero gets the params of [-1, 1): kernels abort
/// where a result's scale is far below the operands', and biases scale with it.
QuantParams activation_params(Range range, int bits);

/// The params of an activation in Qm.n: scale 2^-n, zero point 0, the finest that holds the range up to half a step at
/// either end; n in [-126, 126]. What was never other than zero gets the params of [-1, 1).
QuantParams power_of_two_params(Range range, int bits);

/// How the params of an activation follows from its range.
struct ParamsRule {
  int bits = 8;
  bool power_of_two = false;                             // Qm.n
  bool headroom = false;                                 // twice the range, but not beyond `bound`
  float bound = std::numeric_limits<float>::infinity();  // no value is farther from zero
  float min_scale = 0;                                   // in Qm.n

  QuantParams params(Range range) const;
  /// How far a range has to go for the params to reach `value`, headroom included.
  double before_headroom(double value) const;
};

/// The scale of symmetric weights of `bits` (8 or 16), in [-127, 127] or [-32767, 32767], whose largest magnitude is
/// `largest`, taken as at least 5e-7, so that it is never zero.
float weight_scale(float largest, int bits = 8);

/// The greatest magnitude of symmetric weights and narrow biases: 127 for 8 bits, 32767 for 16.
constexpr int32_t symmetric_limit(int bits) {
  return (int32_t{1} << (bits - 1)) - 1;
}

/// The integer nearest to real / scale (ties away from zero) plus zero point, inside the range of the type.
int32_t quantize_value(float real, const QuantParams& params);

}  // namespace narrow
