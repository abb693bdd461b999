// QuantParams: the quantization parameters of an activation, and how they follow from the range of its values.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "graph/tensor.h"

namespace narrow {

/// An interval of real values that contains zero: lo <= 0 <= hi, both finite. {0, 0} means that a tensor never held
/// anything but zeros.
struct Range {
  float lo = 0;
  float hi = 0;
  bool operator==(const Range&) const = default;
};

/// The least range that contains both; where only one is known, that one.
std::optional<Range> union_of(const std::optional<Range>& a, const std::optional<Range>& b);

/// The least range that contains all values of a float32 constant.
Range range_of_constant(const Tensor& constant);

/// Per-tensor quantization parameters: an integer q of type `dtype` stands for (q - zero_point) * scale.
struct QuantParams {
  DType dtype = DType::int8;
  float scale = 1;
  int32_t zero_point = 0;
  bool operator==(const QuantParams&) const = default;

  /// Of the integers: 8 or 16.
  int bits() const { return dtype == DType::int16 ? 16 : 8; }
  Quantization quantization() const { return Quantization::of(scale, zero_point); }
};

/// The element type of activations of a width in bits: int8 or int16.
DType activation_type(int bits);

/// The parameters for a range: asymmetric for 8 bits, symmetric for 16 bits (the end of the range that is farther from
/// zero becomes +-32767). A range narrower than 1e-6 is widened by 1e-6 at both ends, as TFLite's converter does, so
/// that the scale is never zero. The range {0, 0} gets the parameters of [-1, 1): a tiny scale would be worse than an
/// arbitrary one, because bias scales are multiples of it and kernels abort where the scale of a result is far below
/// those of the operands.
QuantParams activation_params(Range range, int bits);

/// The parameters for a range in Qm.n: zero point 0 and the least scale 2^-n, n in [-126, 126], whose integers reach
/// both ends of the range up to half a step. The range {0, 0} gets the parameters of [-1, 1).
QuantParams power_of_two_params(Range range, int bits);

/// How the parameters of an activation follow from its range.
struct ParamsRule {
  int bits = 8;                                          // 8 or 16
  bool power_of_two = false;                             // in Qm.n
  double headroom = 1;                                   // factor, at least 1, that widens ranges, not beyond +-bound
  float bound = std::numeric_limits<float>::infinity();  // no value is farther from zero; see ranges/value_bounds.h
  float min_scale = 0;                                   // Qm.n only: the scale is at least this
  bool symmetric = false;                                // 8 bits: zero point 0, though it costs a bit

  QuantParams params(Range range) const;
  /// The end of a range, without headroom, whose parameters just reach `value`.
  double before_headroom(double value) const;
};

/// The scale of symmetric weights of `bits` (4, 6, 8 or 16) whose largest magnitude is `largest`: integers lie within
/// +-symmetric_limit(bits). `largest` counts as at least 5e-7, so that the scale is never zero.
float weight_scale(float largest, int bits = 8);

/// The largest magnitude of symmetric integers of `bits`: 7 for 4 bits, 31 for 6, 127 for 8, 32767 for 16.
constexpr int32_t symmetric_limit(int bits) {
  return (int32_t{1} << (bits - 1)) - 1;
}

/// Whether integers are two's complement numbers of `bits`, at most 8.
bool fit_bits(std::span<const int8_t> integers, int bits);

/// The integer for a real value: real / scale rounded to nearest (ties away from zero), plus the zero point, saturated
/// to the range of the type.
int32_t quantize_value(float real, const QuantParams& params);

/// A float32 constant, each value quantized with `params`.
Tensor quantize_constant(const Tensor& constant, const QuantParams& params);

}  // namespace narrow
