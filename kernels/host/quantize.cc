#include "quantize.h"

#include <bit>
#include <cmath>
#include <limits>

#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/quantize.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since it is compiled for each target.
#include <hwy/highway.h>

// Loops that the compiler turns into vector code, for each of Highway's targets. Results do not depend on the target:
// no contraction of a * b + c, no reordering of float sums.
HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

// A value in units of the scale as T. Bounds are integers, so clamping first changes nothing and what is rounded is
// small.
template <class T, class Round>
HWY_INLINE T stored(float v, std::int32_t zero_point, Round round) {
  auto const lo = static_cast<float>(std::numeric_limits<T>::min() - zero_point);
  auto const hi = static_cast<float>(std::numeric_limits<T>::max() - zero_point);
  v = v > lo ? v : lo;
  v = v < hi ? v : hi;
  return static_cast<T>(round(v) + zero_point);
}

HWY_INLINE std::int32_t to_even(float v) {
  return static_cast<std::int32_t>(std::rint(v));
}

HWY_INLINE std::int32_t away(float v) {
  auto const whole = static_cast<std::int32_t>(v);
  float const rest = v - static_cast<float>(whole);  // exact, inside (-1, 1)
  return whole + static_cast<std::int32_t>(rest + rest);
}

template <class T>
HWY_INLINE void run_away(const Affine& to, const float* in, T* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = stored<T>(in[i] / to.scale, to.zero_point, away);
}

template <class T>
HWY_INLINE void run_even(const Affine& to, const float* in, T* out, std::int64_t n) {
  float const inverse = 1.0f / to.scale;
  for (std::int64_t i = 0; i < n; ++i) out[i] = stored<T>(in[i] * inverse, to.zero_point, to_even);
}

template <class T>
HWY_INLINE void run_back(const Affine& from, const T* in, float* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i)
    out[i] = static_cast<float>(static_cast<std::int32_t>(in[i]) - from.zero_point) * from.scale;
}

void quantize_away_i8(const Affine& to, const float* in, std::int8_t* out, std::int64_t n) {
  run_away(to, in, out, n);
}
void quantize_away_u8(const Affine& to, const float* in, std::uint8_t* out, std::int64_t n) {
  run_away(to, in, out, n);
}
void quantize_away_i16(const Affine& to, const float* in, std::int16_t* out, std::int64_t n) {
  run_away(to, in, out, n);
}
void quantize_even_i8(const Affine& to, const float* in, std::int8_t* out, std::int64_t n) {
  run_even(to, in, out, n);
}
void quantize_even_u8(const Affine& to, const float* in, std::uint8_t* out, std::int64_t n) {
  run_even(to, in, out, n);
}
void quantize_even_i16(const Affine& to, const float* in, std::int16_t* out, std::int64_t n) {
  run_even(to, in, out, n);
}
void quantize_optimized_i16(const Affine& to, const float* in, std::int16_t* out, std::int64_t n) {
  std::int64_t const whole = n - n % 8;
  run_even(to, in, out, whole);
  auto const as_it_is = [](float v) { return static_cast<std::int32_t>(v); };
  for (std::int64_t i = whole; i < n; ++i) {
    double const quotient = std::round(static_cast<double>(in[i]) / static_cast<double>(to.scale));
    out[i] = stored<std::int16_t>(static_cast<float>(quotient), to.zero_point, as_it_is);
  }
}
void dequantize_i8(const Affine& from, const std::int8_t* in, float* out, std::int64_t n) {
  run_back(from, in, out, n);
}
void dequantize_u8(const Affine& from, const std::uint8_t* in, float* out, std::int64_t n) {
  run_back(from, in, out, n);
}
void dequantize_i16(const Affine& from, const std::int16_t* in, float* out, std::int64_t n) {
  run_back(from, in, out, n);
}

// The fraction and exponent moved into place are 2^112 too small; infinities and NaN have all exponent bits set.
void dequantize_f16(const std::uint16_t* in, float* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    std::uint32_t const bits = in[i];
    std::uint32_t const moved = (bits & 0x7fffu) << 13;
    float const finite = std::bit_cast<float>(moved) * 0x1p112f;
    std::uint32_t const magnitude =
        (bits & 0x7c00u) == 0x7c00u ? moved | 0x7f800000u : std::bit_cast<std::uint32_t>(finite);
    out[i] = std::bit_cast<float>(magnitude | (bits & 0x8000u) << 16);
  }
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace narrow::host {

void quantize_away(const Affine& to, const float* in, std::int8_t* out, std::int64_t n) {
  NARROW_VARIANT(quantize_away_i8)(to, in, out, n);
}
void quantize_away(const Affine& to, const float* in, std::uint8_t* out, std::int64_t n) {
  NARROW_VARIANT(quantize_away_u8)(to, in, out, n);
}
void quantize_away(const Affine& to, const float* in, std::int16_t* out, std::int64_t n) {
  NARROW_VARIANT(quantize_away_i16)(to, in, out, n);
}
void quantize_even(const Affine& to, const float* in, std::int8_t* out, std::int64_t n) {
  NARROW_VARIANT(quantize_even_i8)(to, in, out, n);
}
void quantize_even(const Affine& to, const float* in, std::uint8_t* out, std::int64_t n) {
  NARROW_VARIANT(quantize_even_u8)(to, in, out, n);
}
void quantize_even(const Affine& to, const float* in, std::int16_t* out, std::int64_t n) {
  NARROW_VARIANT(quantize_even_i16)(to, in, out, n);
}

void quantize_optimized(const Affine& to, const float* in, std::int16_t* out, std::int64_t n) {
  NARROW_VARIANT(quantize_optimized_i16)(to, in, out, n);
}

void dequantize(const Affine& from, const std::int8_t* in, float* out, std::int64_t n) {
  NARROW_VARIANT(dequantize_i8)(from, in, out, n);
}
void dequantize(const Affine& from, const std::uint8_t* in, float* out, std::int64_t n) {
  NARROW_VARIANT(dequantize_u8)(from, in, out, n);
}
void dequantize(const Affine& from, const std::int16_t* in, float* out, std::int64_t n) {
  NARROW_VARIANT(dequantize_i16)(from, in, out, n);
}
void dequantize(const std::uint16_t* in, float* out, std::int64_t n) {
  NARROW_VARIANT(dequantize_f16)(in, out, n);
}

}  // namespace narrow::host
#endif
