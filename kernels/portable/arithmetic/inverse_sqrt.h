/* 1 / sqrt(v) of an integer as a factor for nw_requantize. Equals GetInvSqrtQuantizedMultiplierExp of TFLM and LiteRT
 * bit for bit. */
#ifndef NARROW_INVERSE_SQRT_H
#define NARROW_INVERSE_SQRT_H

#include "portable/fixed_point.h"

typedef struct {
  nw_i32 multiplier; /* > 0 */
  int shift;         /* [-12, 0]; factor = multiplier * 2^(shift - 31) */
} nw_factor;

/* v >= 0; 0 counts as 1. v = u * 4^n with u in [1/4, 1) gives 2^-n / sqrt(u): five steps of Newton's iteration
 * x (3 - u x^2) / 2 from 1, in Q3.28, where u in Q3.28 has half its value and the result is set right by sqrt(1/2). */
static inline nw_factor nw_inverse_sqrt(nw_i32 v) {
  nw_factor f = {NW_I32_MAX, 0};
  int right = 11;
  nw_i32 x = (nw_i32)1 << 28;
  if (v <= 1) return f;
  for (; v >= (nw_i32)1 << 29; v /= 4) ++right;
  for (; v < (nw_i32)1 << 27; v *= 4) --right;
  nw_i32 const u = v >> 1;
  nw_i32 const half_u = nw_round_shift_away(u, 1);
  nw_i32 const half_three = ((nw_i32)1 << 28) + ((nw_i32)1 << 27);
  for (int i = 0; i < 5; ++i) {
    nw_i32 const cube = nw_fp_scale(nw_fp_mul(nw_fp_mul(x, x, 32), x, 32), 6, 32);
    x = nw_fp_scale(nw_fp_mul(half_three, x, 32) - nw_fp_mul(half_u, cube, 32), 3, 32);
  }
  x = nw_fp_mul(x, 1518500250, 32); /* sqrt(1/2) */
  f.multiplier = right < 0 ? x * ((nw_i32)1 << -right) : x;
  f.shift = right < 0 ? 0 : -right;
  return f;
}

#endif
