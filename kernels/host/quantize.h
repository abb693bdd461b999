// QUANTIZE from float32 and DEQUANTIZE by vector code.
#ifndef NARROW_KERNELS_HOST_QUANTIZE_H
#define NARROW_KERNELS_HOST_QUANTIZE_H

#include <cstdint>

namespace narrow::host {

// Integers = reals / scale + zero_point, clamped to their type; NaN becomes the smallest.
struct Affine {
  float scale = 1;
  std::int32_t zero_point = 0;
};

// Quotient in float32, ties away from zero: TFLM, LiteRT's reference kernels.
void quantize_away(const Affine& to, const float* in, std::int8_t* out, std::int64_t n);
void quantize_away(const Affine& to, const float* in, std::uint8_t* out, std::int64_t n);
void quantize_away(const Affine& to, const float* in, std::int16_t* out, std::int64_t n);

// Product with float32(1 / scale), ties to even: XNNPACK.
void quantize_even(const Affine& to, const float* in, std::int8_t* out, std::int64_t n);
void quantize_even(const Affine& to, const float* in, std::uint8_t* out, std::int64_t n);
void quantize_even(const Affine& to, const float* in, std::int16_t* out, std::int64_t n);

// LiteRT's builtin optimized kernel: as quantize_even for the first floor(n / 8) * 8 elements; beyond, the quotient in
// double, ties away from zero.
void quantize_optimized(const Affine& to, const float* in, std::int16_t* out, std::int64_t n);

// (in - zero_point) * scale in float32.
void dequantize(const Affine& from, const std::int8_t* in, float* out, std::int64_t n);
void dequantize(const Affine& from, const std::uint8_t* in, float* out, std::int64_t n);
void dequantize(const Affine& from, const std::int16_t* in, float* out, std::int64_t n);

// IEEE 754 binary16 to float32.
void dequantize(const std::uint16_t* in, float* out, std::int64_t n);

}  // namespace narrow::host

#endif
