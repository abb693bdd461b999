#include "portable/arithmetic/div.h"

#include "portable/fixed_point.h"

/* Bits above the highest one that differs from the sign, itself left out. */
static inline int sign_bits(nw_i32 v) {
  nw_i32 const magnitude = v < 0 ? -(v + 1) : v;
  return magnitude == 0 ? 31 : nw_leading_zeros((nw_u32)magnitude) - 1;
}

/* v / 2^bits, ties away from zero. Beyond 31 bits the runtimes' mask of the bits that go is all ones, so that they add
 * 1 to what is not negative, and the shift does what the processor does. */
static inline nw_i32 round_quotient(nw_i32 v, int bits, int wraps) {
  if (bits <= 31) return nw_round_shift_away(v, bits);
  return (nw_i32)nw_floor_shift(v, wraps ? bits - 32 : 31) + (v >= 0);
}

/* x / y, y > 0, in output units without the zero point. */
static inline nw_i32 quotient(const NW_FLASH nw_div_params *p, nw_i32 x, nw_i32 y) {
  int const zeros = nw_leading_zeros((nw_u32)y);
  nw_i32 const rest = (nw_i32)(((nw_u32)y << zeros) & (nw_u32)NW_I32_MAX);
  int const headroom = sign_bits(x);
  nw_i32 const product = nw_high_mul(nw_shift_left(x, headroom), nw_fp_reciprocal(rest, 32));
  return round_quotient(nw_high_mul(product, p->multiplier), 31 - zeros + headroom - p->shift, p->wraps);
}

static inline nw_i32 divided(const NW_FLASH nw_div_params *p, nw_i32 a, nw_i32 b) {
  nw_i32 const x = a - p->a_zero_point;
  nw_i32 const y = b - p->b_zero_point;
  if (y == 0) return x == 0 ? nw_clamp(p->out_zero_point, p->out_min, p->out_max) : (x < 0 ? p->out_min : p->out_max);
  return nw_clamp(quotient(p, y < 0 ? -x : x, y < 0 ? -y : y) + p->out_zero_point, p->out_min, p->out_max);
}

#define NW_PAIR_NAME nw_div_i8
#define NW_PAIR_IN nw_i8
#define NW_PAIR_OUT nw_i8
#define NW_PAIR_PARAMS nw_div_params
#define NW_PAIR(p, x, y) divided(p, x, y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_div_i16
#define NW_PAIR_IN nw_i16
#define NW_PAIR_OUT nw_i16
#define NW_PAIR_PARAMS nw_div_params
#define NW_PAIR(p, x, y) divided(p, x, y)
#include "portable/arithmetic/pairwise_body.h"
