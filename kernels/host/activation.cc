#include "activation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "clones.h"

namespace narrow::host {
namespace {

// e^x for x <= 0, 0 below -87. With n = round(x / ln 2) and r = x - n ln 2, |r| <= ln 2 / 2: Taylor's sum to r^7 leaves
// 2^-27 of e^r. Adding 1.5 * 2^23 rounds to an integer, which then is in the low bits.
NARROW_INLINE float exp_down(float x) {
  constexpr float kToInteger = 0x1.8p23f;
  constexpr float kLn2Upper = 0x1.62e4p-1f, kLn2Lower = 1.42860682e-06f;  // n times the upper part is exact
  float const bounded = x < -87.0f ? -87.0f : x;
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
  auto const power = std::bit_cast<float>((std::bit_cast<std::uint32_t>(biased) << 23) + 0x3f800000u);
  return x < -87.0f ? 0.0f : p * power;
}

NARROW_INLINE float logistic_of(float x) {
  float const e = exp_down(x > 0 ? -x : x);
  return (x > 0 ? 1.0f : e) / (1.0f + e);
}

// (1 - e^-2|x|) / (1 + e^-2|x|); Taylor's sum for |x| < 0.3, where that cancels.
NARROW_INLINE float tanh_of(float x) {
  float const a = x > 0 ? x : -x;
  float const e = exp_down(-2.0f * a);
  float const large = (1.0f - e) / (1.0f + e);
  float const s = x * x;
  float p = -1382.0f / 155925;
  p = p * s + 62.0f / 2835;
  p = p * s - 17.0f / 315;
  p = p * s + 2.0f / 15;
  p = p * s - 1.0f / 3;
  return a < 0.3f ? x * (1.0f + s * p) : (x > 0 ? large : -large);
}

constexpr int kLanes = 16;  // partial results, whatever the instruction set
using Lanes = std::array<float, kLanes>;

NARROW_INLINE float largest(const float* in, std::int32_t n) {
  Lanes partial;
  partial.fill(-std::numeric_limits<float>::infinity());
  float* const top = partial.data();
  std::int32_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) top[j] = in[i + j] > top[j] ? in[i + j] : top[j];
  for (; i < n; ++i) top[0] = in[i] > top[0] ? in[i] : top[0];
  return *std::max_element(partial.begin(), partial.end());
}

// out = e^(beta (in - top)); their sum.
NARROW_INLINE float exponentials(const float* in, float* out, std::int32_t n, float top, float beta) {
  Lanes partial{};
  float* const sum = partial.data();
  std::int32_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) {
      float const e = exp_down((in[i + j] - top) * beta);
      out[i + j] = e;
      sum[j] += e;
    }
  for (; i < n; ++i) {
    out[i] = exp_down((in[i] - top) * beta);
    sum[0] += out[i];
  }
  float total = 0;
  for (float s : partial) total += s;
  return total;
}

}  // namespace

NARROW_CLONES void logistic(const float* in, float* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = logistic_of(in[i]);
}

NARROW_CLONES void tanh(const float* in, float* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = tanh_of(in[i]);
}

NARROW_CLONES void softmax(const float* in, float* out, std::int64_t rows, std::int32_t depth, float beta) {
  for (std::int64_t r = 0; r < rows; ++r, in += depth, out += depth) {
    float const inverse = 1.0f / exponentials(in, out, depth, largest(in, depth), beta);
    for (std::int32_t i = 0; i < depth; ++i) out[i] *= inverse;
  }
}

}  // namespace narrow::host
