#include "ops/def/attributes.h"

#include <cmath>

namespace narrow {

Result<Interval> fused_interval(Activation activation) {
  switch (activation) {
    case Activation::none:
      return Interval{};
    case Activation::relu:
      return Interval{0.0f, std::numeric_limits<float>::infinity()};
    case Activation::relu_n1_to_1:
      return Interval{-1.0f, 1.0f};
    case Activation::relu6:
      return Interval{0.0f, 6.0f};
    default:
      return fail(ErrorKind::unsupported, "a fused activation that is not a clamp (tanh or sign bit)");
  }
}

IntegerInterval integer_range(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return {-128, 127};
    case DType::uint8:
      return {0, 255};
    default:
      return {-32768, 32767};
  }
}

namespace {

/// `quantize` takes a finite bound to a float in the units of `dtype`.
template <class F>
IntegerInterval quantized_interval(const Interval& real, DType dtype, F quantize) {
  IntegerInterval range = integer_range(dtype);
  auto inside = [&](float v) {
    return static_cast<int32_t>(std::clamp(v, static_cast<float>(range.lo), static_cast<float>(range.hi)));
  };
  if (std::isfinite(real.lo)) range.lo = inside(quantize(real.lo));
  if (std::isfinite(real.hi)) range.hi = std::max(inside(quantize(real.hi)), range.lo);
  return range;
}

}  // namespace

IntegerInterval integer_bounds(const Interval& real, DType dtype, const Quantization& q) {
  return quantized_interval(
      real, dtype, [&](float bound) { return std::round(bound / q.scale()) + static_cast<float>(q.zero_point()); });
}

Result<IntegerInterval> integer_interval(Activation activation, DType dtype, const Quantization& q) {
  return fused_interval(activation).transform([&](const Interval& real) { return integer_bounds(real, dtype, q); });
}

Result<IntegerInterval> integer_interval_to_even(Activation activation, DType dtype, const Quantization& q) {
  NARROW_TRY(Interval const real, fused_interval(activation));
  return quantized_interval(
      real, dtype, [&](float bound) { return std::nearbyint(bound / q.scale() + static_cast<float>(q.zero_point())); });
}

constexpr int64_t kMostPadded = 1 << 30;  // elements: kernels compute positions in 32 bits

Result<Window> slide(int32_t in, int32_t filter, int32_t stride, int32_t dilation, Padding padding) {
  if (filter < 1 || stride < 1 || dilation < 1)
    return fail(ErrorKind::bad_file, "filter " + std::to_string(filter) + ", stride " + std::to_string(stride) +
                                         " and dilation " + std::to_string(dilation) + " must all be positive");
  int64_t const reach = int64_t{filter - 1} * dilation + 1;
  if (padding == Padding::valid) {
    if (reach > in)
      return fail(ErrorKind::bad_file,
                  "a window of " + std::to_string(reach) + " elements does not fit in " + std::to_string(in));
    return Window{static_cast<int32_t>((in - reach) / stride + 1)};
  }
  int64_t const out = (int64_t{in} + stride - 1) / stride;
  int64_t const missing = std::max<int64_t>((out - 1) * stride + reach - in, 0);
  if (in + missing > kMostPadded)
    return fail(ErrorKind::bad_file, "dilation " + std::to_string(dilation) + " is out of proportion");
  return Window{static_cast<int32_t>(out), static_cast<int32_t>(missing / 2),
                static_cast<int32_t>(missing - missing / 2)};
}

}  // namespace narrow
