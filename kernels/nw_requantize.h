/* Requantization: an accumulator times a real factor in (0, 2^31), back to an integer.
 *
 * The factor is given as (multiplier, shift): factor = multiplier * 2^(shift - 31), multiplier in [2^30, 2^31 - 1]
 * (smaller where MEAN has divided it) or 0, shift in [-31, 30]. The functions differ in rounding only;
 * docs/arithmetic.md derives each and names the runtimes that use it. */
#ifndef NARROW_NW_REQUANTIZE_H
#define NARROW_NW_REQUANTIZE_H

#include "nw_types.h"

/* floor(v / 2^bits), bits in [0, 62]. */
static inline nw_i64 nw_floor_shift(nw_i64 v, int bits) {
  return NW_FLOOR_SHIFT(v, bits);
}

/* floor((a * b + 2^30) / 2^31), saturated when a = b = -2^31: ties go up. */
static inline nw_i32 nw_high_mul(nw_i32 a, nw_i32 b) {
  if (a == NW_I32_MIN && b == NW_I32_MIN) return NW_I32_MAX;
  return (nw_i32)nw_floor_shift((nw_i64)a * b + ((nw_i64)1 << 30), 31);
}

/* v / 2^bits, nearest, ties away from zero; bits in [0, 61]. */
static inline nw_i32 nw_round_shift_away(nw_i32 v, int bits) {
  nw_i64 const half = bits > 0 ? (nw_i64)1 << (bits - 1) : 0;
  return (nw_i32)(v >= 0 ? (v + half) >> bits : -((-(nw_i64)v + half) >> bits));
}

/* The same for bits in [0, 31], in 32 bits. */
static inline nw_i32 nw_round_shift_away_31(nw_i32 v, int bits) {
  nw_u32 const mask = ((nw_u32)1 << bits) - 1;
  nw_u32 const half = (mask >> 1) + (v < 0);
  return NW_FLOOR_SHIFT(v, bits) + (((nw_u32)v & mask) > half);
}

/* v / 2^bits, nearest, ties up; bits in [0, 31]. */
static inline nw_i32 nw_round_shift_up(nw_i32 v, int bits) {
  nw_i64 const half = bits > 0 ? (nw_i64)1 << (bits - 1) : 0;
  return (nw_i32)nw_floor_shift(v + half, bits);
}

/* acc * 2^shift for shift > 0 kept in 32 bits as the runtimes do (their shift wraps; a lowered program proves
 * that |acc| << shift fits, see src/program). */
static inline nw_i32 nw_shift_left(nw_i32 acc, int shift) {
  return (nw_i32)((nw_u32)acc << shift);
}

/* Double rounding: high multiply (ties up), then right shift (ties away). TFLM, CMSIS-NN, LiteRT reference conv. */
static inline nw_i32 nw_requantize_double(nw_i32 acc, nw_i32 multiplier, int shift) {
  nw_i64 product; /* as in nw_high_mul: multiplier is not -2^31 */
  if (shift > 0) {
    acc = nw_shift_left(acc, shift);
    shift = 0;
  }
  product = (nw_i64)acc * multiplier;
  return nw_round_shift_away_31((nw_i32)nw_floor_shift(product + ((nw_i64)1 << 30), 31), -shift);
}

/* As double, but the second rounding has its ties up too. LiteRT's optimized kernels. */
static inline nw_i32 nw_requantize_double_up(nw_i32 acc, nw_i32 multiplier, int shift) {
  int const left = shift > 0 ? shift : 0;
  int const right = shift > 0 ? 0 : -shift;
  return nw_round_shift_up(nw_high_mul(nw_shift_left(acc, left), multiplier), right);
}

/* One rounding of the 64-bit product, ties up. */
static inline nw_i32 nw_requantize_single(nw_i32 acc, nw_i32 multiplier, int shift) {
  int const total = 31 - shift;
  return (nw_i32)nw_floor_shift((nw_i64)acc * multiplier + ((nw_i64)1 << (total - 1)), total);
}

/* The upper 16 bits of a multiplier, nearest, at most 2^15 - 1. */
static inline nw_i32 nw_reduce_multiplier(nw_i32 multiplier) {
  return multiplier < 0x7FFF0000 ? (multiplier + ((nw_i32)1 << 15)) >> 16 : 0x7FFF;
}

/* 64-bit accumulator, |acc| < 2^47, multiplier reduced to 16 bits, one rounding, ties up. 16x8 layers. */
static inline nw_i32 nw_requantize_wide(nw_i64 acc, nw_i32 multiplier, int shift) {
  int const total = 15 - shift;
  return (nw_i32)nw_floor_shift(acc * (nw_i64)nw_reduce_multiplier(multiplier) + ((nw_i64)1 << (total - 1)), total);
}

/* Rules by which a shift rounds; the first stands for nw_requantize_double. */
enum nw_rounding { NW_ROUND_DOUBLE, NW_ROUND_HALF_UP, NW_ROUND_TRUNCATE, NW_ROUND_HALF_EVEN, NW_ROUND_HALF_AWAY };

static inline nw_i32 nw_saturate_32(nw_i64 v) {
  return (nw_i32)(v > NW_I32_MAX ? NW_I32_MAX : (v < NW_I32_MIN ? NW_I32_MIN : v));
}

/* What `rule` (not NW_ROUND_DOUBLE) adds to floor(v / unit) = whole, of which rest / unit, 0 <= rest < unit <= 2^62,
 * was cut off. */
static inline nw_i64 nw_round_up(nw_i64 whole, nw_i64 rest, nw_i64 unit, nw_i32 rule) {
  nw_i64 const twice = 2 * rest;
  if (rule == NW_ROUND_HALF_UP) return twice >= unit;
  if (rule == NW_ROUND_HALF_EVEN) return twice > unit || (twice == unit && whole % 2 != 0);
  if (rule == NW_ROUND_HALF_AWAY) return twice > unit || (twice == unit && whole >= 0);
  return 0;
}

/* v / 2^bits by `rule`, saturated to 32 bits; bits in [0, 62]. */
static inline nw_i32 nw_round_shift(nw_i64 v, int bits, nw_i32 rule) {
  nw_i64 const unit = (nw_i64)1 << bits;
  nw_i64 const whole = nw_floor_shift(v, bits);
  return nw_saturate_32(whole + nw_round_up(whole, v - whole * unit, unit, rule));
}

/* v / count by `rule`; count > 0. */
static inline nw_i32 nw_round_divide(nw_i32 v, nw_i32 count, nw_i32 rule) {
  nw_i32 const whole = v >= 0 ? v / count : -((count - 1 - v) / count);
  return whole + (nw_i32)nw_round_up(whole, v - whole * count, count, rule);
}

/* v * 2^-right by `rule`, saturated to 32 bits; right in [-30, 61]. */
static inline nw_i32 nw_shift_by(nw_i32 v, int right, nw_i32 rule) {
  return right > 0 ? nw_round_shift(v, right, rule) : nw_saturate_32((nw_i64)v * ((nw_i64)1 << -right));
}

/* Any rule: one rounding of the 64-bit product, or nw_requantize_double. */
static inline nw_i32 nw_requantize_by(nw_i32 acc, nw_i32 multiplier, int shift, nw_i32 rule) {
  if (rule == NW_ROUND_DOUBLE) return nw_requantize_double(acc, multiplier, shift);
  return nw_round_shift((nw_i64)acc * multiplier, 31 - shift, rule);
}

/* As nw_requantize_wide, with any rule but NW_ROUND_DOUBLE. */
static inline nw_i32 nw_requantize_wide_by(nw_i64 acc, nw_i32 multiplier, int shift, nw_i32 rule) {
  return nw_round_shift(acc * (nw_i64)nw_reduce_multiplier(multiplier), 15 - shift, rule);
}

#endif
