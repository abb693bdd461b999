#include "activation.h"

#include <array>
#include <bit>
#include <cstddef>

#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/activation.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since it is compiled for each target.
#include <hwy/highway.h>

// Loops that the compiler turns into vector code, for each of Highway's targets. Results do not depend on the target:
// no contraction of a * b + c, no reordering of float sums.
HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

HWY_INLINE std::uint32_t bits_of(float v) {
  return std::bit_cast<std::uint32_t>(v);
}

// a or b. By masks, since compilers move what a or b takes into branches, and then no vector code comes of the loop.
HWY_INLINE float choose(bool first, float a, float b) {
  std::uint32_t const mask = first ? ~0u : 0u;
  return std::bit_cast<float>((bits_of(a) & mask) | (bits_of(b) & ~mask));
}

HWY_INLINE float minus_magnitude(float v) {
  return std::bit_cast<float>(bits_of(v) | 0x80000000u);
}

// e^x for x <= 0, 0 below -87. With n = round(x / ln 2) and r = x - n ln 2, |r| <= ln 2 / 2: Taylor's sum to r^7 leaves
// 2^-27 of e^r. Adding 1.5 * 2^23 rounds to an integer, which then is in the low bits.
HWY_INLINE float exp_down(float x) {
  constexpr float kToInteger = 0x1.8p23f;
  constexpr float kLn2Upper = 0x1.62e4p-1f, kLn2Lower = 1.42860682e-06f;  // n times the upper part is exact
  float const bounded = choose(x < -87.0f, -87.0f, x);
  float const biased = bounded * 1.44269504f + kToInteger;
  float const n = biased - kToInteger;
  float const r = (bounded - n * kLn2Upper) - n * kLn2Lower;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r * r + r + 1.0f;
  auto const power = std::bit_cast<float>((bits_of(biased) << 23) + 0x3f800000u);
  return choose(x < -87.0f, 0.0f, p * power);
}

HWY_INLINE float logistic_of(float x) {
  float const e = exp_down(minus_magnitude(x));
  return choose(x > 0, 1.0f, e) / (1.0f + e);
}

// (1 - e^-2|x|) / (1 + e^-2|x|); Taylor's sum for |x| < 0.3, where that cancels.
HWY_INLINE float tanh_of(float x) {
  float const below = minus_magnitude(x);
  float const e = exp_down(2.0f * below);
  float const large = (1.0f - e) / (1.0f + e);
  float const with_sign = std::bit_cast<float>(bits_of(large) | (bits_of(x) & 0x80000000u));
  float const s = x * x;
  float p = -1382.0f / 155925;
  p = p * s + 62.0f / 2835;
  p = p * s - 17.0f / 315;
  p = p * s + 2.0f / 15;
  p = p * s - 1.0f / 3;
  return choose(below > -0.3f, x * (1.0f + s * p), with_sign);
}

// An integer that grows with v, so that the largest is found in any order; a NaN is beyond infinity.
HWY_INLINE std::int32_t rank_of(float v) {
  auto const bits = std::bit_cast<std::int32_t>(v);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

float largest(const float* in, std::int32_t n) {
  std::int32_t top = rank_of(in[0]);
  for (std::int32_t i = 1; i < n; ++i) {
    std::int32_t const rank = rank_of(in[i]);
    top = rank > top ? rank : top;
  }
  return std::bit_cast<float>(top ^ ((top >> 31) & 0x7fffffff));
}

// out = e^(beta (in - top)).
void exponentials(const float* __restrict in, float* __restrict out, std::int32_t n, float top, float beta) {
  for (std::int32_t i = 0; i < n; ++i) out[i] = exp_down((in[i] - top) * beta);
}

void logistic_all(const float* __restrict in, float* __restrict out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = logistic_of(in[i]);
}

void tanh_all(const float* __restrict in, float* __restrict out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = tanh_of(in[i]);
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace narrow::host {

namespace {

// Eight sums, then theirs: an order that no instruction set changes.
float sum_of(const float* in, std::int32_t n) {
  std::array<float, 8> sums{};
  std::int32_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t j = 0; j < 8; ++j) sums[j] += in[static_cast<std::size_t>(i) + j];
  float sum = 0;
  for (; i < n; ++i) sum += in[i];
  for (float s : sums) sum += s;
  return sum;
}

}  // namespace

void logistic(const float* in, float* out, std::int64_t n) {
  NARROW_VARIANT(logistic_all)(in, out, n);
}

void tanh(const float* in, float* out, std::int64_t n) {
  NARROW_VARIANT(tanh_all)(in, out, n);
}

void softmax(const float* in, float* out, std::int64_t rows, std::int32_t depth, float beta) {
  for (std::int64_t r = 0; r < rows; ++r, in += depth, out += depth) {
    NARROW_VARIANT(exponentials)(in, out, depth, NARROW_VARIANT(largest)(in, depth), beta);
    float const inverse = 1.0f / sum_of(out, depth);
    for (std::int32_t i = 0; i < depth; ++i) out[i] *= inverse;
  }
}

}  // namespace narrow::host
#endif
