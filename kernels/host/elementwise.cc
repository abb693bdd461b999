#include "elementwise.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "nw_requantize.h"
#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/elementwise.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since it is compiled for each target.
#include <hwy/highway.h>

#include "rounding_loops.h"

// Loops that the compiler turns into vector code, for each of Highway's targets. Results do not depend on the target:
// no contraction of a * b + c, no reordering of float sums.
HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

// What a run does to one pair of elements, zero points still in them.

HWY_INLINE auto double_sum(const nw_add_params& p) {
  return [p](std::int32_t a, std::int32_t b) {
    std::int32_t const u = round_shift(high_mul(a - p.a.zero_point, p.left_shift, p.a.multiplier), -p.a.shift);
    std::int32_t const v = round_shift(high_mul(b - p.b.zero_point, p.left_shift, p.b.multiplier), -p.b.shift);
    std::int32_t const sum = round_shift(high_mul(u + p.sign * v, 0, p.out_multiplier), -p.out_shift);
    return clamp(sum + p.out_zero_point, p.out_min, p.out_max);
  };
}

// double_sum of int8 in 32 bits: with bits = 31 - left_shift, d * multiplier / 2^bits is taken as the product with the
// multiplier's upper part, a whole number, and the rounded one with its lower `bits`. What is shifted stays below 2^30.
struct ScaledOperand {
  std::int32_t zero_point, high, low, bits, half, right, right_half, right_away;

  ScaledOperand(const nw_scaled_input& o, int left_shift)
      : zero_point(o.zero_point),
        high(o.multiplier >> (31 - left_shift)),
        low(o.multiplier & ((1 << (31 - left_shift)) - 1)),
        bits(31 - left_shift),
        half(1 << (bits - 1)),
        right(-o.shift),
        right_half(right > 0 ? 1 << (right - 1) : 0),
        right_away(right > 0 ? -1 : 0) {}

  HWY_INLINE std::int32_t operator()(std::int32_t a) const {
    std::int32_t const d = a - zero_point;
    std::int32_t const v = d * high + ((d * low + half) >> bits);
    return (v + right_half + ((v >> 31) & right_away)) >> right;
  }
};
HWY_INLINE auto small_double_sum(const nw_add_params& p) {
  ScaledOperand const scaled_a(p.a, p.left_shift), scaled_b(p.b, p.left_shift);
  int const right = -p.out_shift;
  std::int32_t const half = right > 0 ? 1 << (right - 1) : 0, away = right > 0 ? -1 : 0;
  return [=](std::int32_t a, std::int32_t b) {
    std::int32_t const sum = high_mul(scaled_a(a) + p.sign * scaled_b(b), 0, p.out_multiplier);
    return clamp(((sum + half + ((sum >> 31) & away)) >> right) + p.out_zero_point, p.out_min, p.out_max);
  };
}

// The vector part of add_optimized_*.
template <class T>
HWY_INLINE auto optimized_sum(const nw_add_params& p) {
  int const a_left = std::max(p.left_shift + p.a.shift, 0), a_right = std::max(-p.left_shift - p.a.shift, 0);
  int const b_left = std::max(p.left_shift + p.b.shift, 0), b_right = std::max(-p.left_shift - p.b.shift, 0);
  return [=](std::int32_t a, std::int32_t b) {
    std::int32_t const u = high_mul((a - p.a.zero_point) >> a_right, a_left, p.a.multiplier);
    std::int32_t const v = high_mul((b - p.b.zero_point) >> b_right, b_left, p.b.multiplier);
    std::int32_t sum = round_shift(high_mul(u + p.sign * v, 0, p.out_multiplier), -p.out_shift);
    if constexpr (sizeof(T) == 1)
      sum = static_cast<std::int16_t>(static_cast<std::int16_t>(sum) + p.out_zero_point);
    else
      sum += p.out_zero_point;
    return clamp(sum, p.out_min, p.out_max);
  };
}

HWY_INLINE auto joint_sum(const nw_add_params& p) {
  std::int32_t const half = std::int32_t{1} << (p.out_shift - 1);
  return [p, half](std::int32_t a, std::int32_t b) {
    std::int32_t const u = (a - p.a.zero_point) * p.a.multiplier;
    std::int32_t const v = (b - p.b.zero_point) * (p.sign * p.b.multiplier);
    return clamp(((u + v + half) >> p.out_shift) + p.out_zero_point, p.out_min, p.out_max);
  };
}

// Where 32 bits hold what add_by_rule_* adds up. Rules differ in what is added before the floor: see RuleRounding.
HWY_INLINE auto rule_sum(const nw_add_params& p) {
  std::int32_t const half = p.out_shift > 0 ? std::int32_t{1} << (p.out_shift - 1) : 0;
  bool const to_even = p.rounding == NW_ROUND_HALF_EVEN && half > 0;
  bool const ties_out = p.rounding == NW_ROUND_HALF_UP || p.rounding == NW_ROUND_HALF_AWAY;
  std::int32_t const base = to_even ? half - 1 : ties_out ? half : 0;
  std::int32_t const away = p.rounding == NW_ROUND_HALF_AWAY && half > 0 ? -1 : 0;
  return [=](std::int32_t a, std::int32_t b) {
    std::int32_t const sum = a * (1 << p.a.shift) + b * (p.sign * (1 << p.b.shift));
    std::int32_t const adjusted = sum + base + ((sum >> 31) & away) + ((sum >> p.out_shift) & to_even);
    return clamp(adjusted >> p.out_shift, p.out_min, p.out_max);
  };
}

HWY_INLINE auto double_product(const nw_mul_params& p) {
  int const left = p.shift > 0 ? p.shift : 0;
  int const right = p.shift > 0 ? 0 : -p.shift;
  return [p, left, right](std::int32_t a, std::int32_t b) {
    std::int32_t const product = (a - p.a_zero_point) * (b - p.b_zero_point);
    return clamp(round_shift(high_mul(product, left, p.multiplier), right) + p.out_zero_point, p.out_min, p.out_max);
  };
}

HWY_INLINE auto float_product(const MulFloatParams& p) {
  auto const lo = static_cast<float>(p.out_min - p.out_zero_point);
  auto const hi = static_cast<float>(p.out_max - p.out_zero_point);
  return [p, lo, hi](std::int32_t a, std::int32_t b) {
    float v = static_cast<float>((a - p.a_zero_point) * (b - p.b_zero_point)) * p.scale;
    v = v < lo ? lo : v;  // bounds are integers: clamping first changes nothing
    v = v > hi ? hi : v;
    return static_cast<std::int32_t>(std::rint(v)) + p.out_zero_point;
  };
}

template <class T, class F>
HWY_INLINE void run(F f, const T* __restrict a, bool a_moves, const T* __restrict b, bool b_moves, T* __restrict out,
                    std::int32_t n) {
  if (a_moves && b_moves) {
    for (std::int32_t i = 0; i < n; ++i) out[i] = static_cast<T>(f(a[i], b[i]));
  } else if (a_moves) {
    T const y = *b;
    for (std::int32_t i = 0; i < n; ++i) out[i] = static_cast<T>(f(a[i], y));
  } else {
    T const x = *a;
    for (std::int32_t i = 0; i < n; ++i) out[i] = static_cast<T>(f(x, b[i]));
  }
}

void add_run_i8(const nw_add_params& p, const nw_i8* a, bool a_moves, const nw_i8* b, bool b_moves, nw_i8* out,
                std::int32_t n) {
  run(small_double_sum(p), a, a_moves, b, b_moves, out, n);
}
void add_run_i16(const nw_add_params& p, const nw_i16* a, bool a_moves, const nw_i16* b, bool b_moves, nw_i16* out,
                 std::int32_t n) {
  run(double_sum(p), a, a_moves, b, b_moves, out, n);
}
void joint_run_i8(const nw_add_params& p, const nw_i8* a, bool a_moves, const nw_i8* b, bool b_moves, nw_i8* out,
                  std::int32_t n) {
  run(joint_sum(p), a, a_moves, b, b_moves, out, n);
}
void rule_run_i8(const nw_add_params& p, const nw_i8* a, bool a_moves, const nw_i8* b, bool b_moves, nw_i8* out,
                 std::int32_t n) {
  run(rule_sum(p), a, a_moves, b, b_moves, out, n);
}
void rule_run_i16(const nw_add_params& p, const nw_i16* a, bool a_moves, const nw_i16* b, bool b_moves, nw_i16* out,
                  std::int32_t n) {
  run(rule_sum(p), a, a_moves, b, b_moves, out, n);
}
void mul_run_i8(const nw_mul_params& p, const nw_i8* a, bool a_moves, const nw_i8* b, bool b_moves, nw_i8* out,
                std::int32_t n) {
  run(double_product(p), a, a_moves, b, b_moves, out, n);
}
void mul_run_i16(const nw_mul_params& p, const nw_i16* a, bool a_moves, const nw_i16* b, bool b_moves, nw_i16* out,
                 std::int32_t n) {
  run(double_product(p), a, a_moves, b, b_moves, out, n);
}
void mul_float_run_i8(const MulFloatParams& p, const nw_i8* a, bool a_moves, const nw_i8* b, bool b_moves, nw_i8* out,
                      std::int32_t n) {
  run(float_product(p), a, a_moves, b, b_moves, out, n);
}
void optimized_run_i8(const nw_add_params& p, const nw_i8* a, bool, const nw_i8* b, bool, nw_i8* out, std::int32_t n) {
  std::int32_t const head = n - n % 16;
  run(optimized_sum<nw_i8>(p), a, true, b, true, out, head);
  run(double_sum(p), a + head, true, b + head, true, out + head, n - head);
}
void optimized_run_i16(const nw_add_params& p, const nw_i16* a, bool, const nw_i16* b, bool, nw_i16* out,
                       std::int32_t n) {
  std::int32_t const head = n - n % 16;
  run(optimized_sum<nw_i16>(p), a, true, b, true, out, head);
  run(double_sum(p), a + head, true, b + head, true, out + head, n - head);
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace narrow::host {

namespace {

// Both operands, their sum and a half of the result's step.
template <class T>
bool fits_32_bits(const nw_add_params& p) {
  int const bits = 8 * static_cast<int>(sizeof(T));
  return std::max({bits + p.a.shift, bits + p.b.shift, p.out_shift + 1}) <= 29;
}

// One run each: n elements of the result.
template <class P, class T>
using Run = void(const P& p, const T* a, bool a_moves, const T* b, bool b_moves, T* out, std::int32_t n);

template <class P, class T>
void each_run(Run<P, T>* run_of, const P& p, const T* a, const T* b, T* out) {
  constexpr int kLast = NW_BROADCAST_RANK - 1;
  std::int32_t const n = p.shape.extent[kLast];
  bool const a_moves = p.shape.a_stride[kLast] != 0;
  bool const b_moves = p.shape.b_stride[kLast] != 0;
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    run_of(p, a + at.a, a_moves, b + at.b, b_moves, out, n);
    out += n;
  } while (nw_broadcast_next(&p.shape, &at));
}

}  // namespace

void add_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out) {
  each_run(NARROW_VARIANT(add_run_i8), *p, a, b, out);
}
void add_i16(const nw_add_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out) {
  each_run(NARROW_VARIANT(add_run_i16), *p, a, b, out);
}
void add_joint_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out) {
  each_run(NARROW_VARIANT(joint_run_i8), *p, a, b, out);
}
void add_by_rule_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out) {
  if (!fits_32_bits<nw_i8>(*p)) return nw_add_by_rule_i8(p, a, b, out);
  each_run(NARROW_VARIANT(rule_run_i8), *p, a, b, out);
}
void add_by_rule_i16(const nw_add_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out) {
  if (!fits_32_bits<nw_i16>(*p)) return nw_add_by_rule_i16(p, a, b, out);
  each_run(NARROW_VARIANT(rule_run_i16), *p, a, b, out);
}
void mul_i8(const nw_mul_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out) {
  each_run(NARROW_VARIANT(mul_run_i8), *p, a, b, out);
}
void mul_i16(const nw_mul_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out) {
  each_run(NARROW_VARIANT(mul_run_i16), *p, a, b, out);
}
void add_optimized_i8(const nw_add_params* p, const nw_i8* a, const nw_i8* b, nw_i8* out) {
  each_run(NARROW_VARIANT(optimized_run_i8), *p, a, b, out);
}
void add_optimized_i16(const nw_add_params* p, const nw_i16* a, const nw_i16* b, nw_i16* out) {
  each_run(NARROW_VARIANT(optimized_run_i16), *p, a, b, out);
}
void mul_float_i8(const MulFloatParams* p, const nw_i8* a, const nw_i8* b, nw_i8* out) {
  each_run(NARROW_VARIANT(mul_float_run_i8), *p, a, b, out);
}

}  // namespace narrow::host
#endif
