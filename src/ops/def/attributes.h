// Enumerations that attributes of several ops share, and what they mean. File formats have tables from their numbers to
// these values.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "base/result.h"
#include "graph/attributes.h"
#include "graph/tensor.h"

namespace narrow {

/// How far a window may reach beyond the data: as far as keeps all positions, or not at all.
enum class Padding : int8_t { same, valid };

template <>
struct EnumNames<Padding> {
  static constexpr std::array<const char*, 2> kNames{"same", "valid"};
};

/// What an op applies to its result before storing it. All but tanh and sign_bit are clamps.
enum class Activation : int8_t { none, relu, relu_n1_to_1, relu6, tanh, sign_bit };

template <>
struct EnumNames<Activation> {
  static constexpr std::array<const char*, 6> kNames{"none", "relu", "relu_n1_to_1", "relu6", "tanh", "sign_bit"};
};

/// The interval an activation clamps to; infinite where it does not.
struct Interval {
  float lo = -std::numeric_limits<float>::infinity();
  float hi = std::numeric_limits<float>::infinity();
  float clamp(float v) const { return std::min(std::max(v, lo), hi); }
};

/// The interval of an activation; unsupported for one that is not a clamp.
Result<Interval> fused_interval(Activation activation);

/// The same interval in the integers of `dtype` (int8, uint8 or int16) under `q`: lo and hi inside the type's
/// range. Bounds are round half away of float32(bound / scale) + zero point, as TFLite computes them.
struct IntegerInterval {
  int32_t lo = 0;
  int32_t hi = 0;
};
IntegerInterval integer_bounds(const Interval& real, DType dtype, const Quantization& q);
/// Unsupported for an activation that is not a clamp.
Result<IntegerInterval> integer_interval(Activation activation, DType dtype, const Quantization& q);

/// As XNNPACK computes it: bounds are float32(float32(bound / scale) + zero point), rounded half to even.
Result<IntegerInterval> integer_interval_to_even(Activation activation, DType dtype, const Quantization& q);

/// Smallest and largest value of an integer type of at most 16 bits.
IntegerInterval integer_range(DType dtype);

/// One spatial dimension of a sliding window.
struct Window {
  int32_t out = 0;         // positions
  int32_t pad_before = 0;  // positions of the window that stick out before the first element
  int32_t pad_after = 0;   // and after the last
};

/// Window positions along a dimension of `in` elements; bad_file where the stride, filter or dilation is not
/// positive, the window does not fit, or dilation pads to more than 2^30 elements. SAME puts the odd padding element
/// after the data.
Result<Window> slide(int32_t in, int32_t filter, int32_t stride, int32_t dilation, Padding padding);

}  // namespace narrow
