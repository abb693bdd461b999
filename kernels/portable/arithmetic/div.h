/* DIV: out = a / b, each tensor with its own scale and zero point (TFLM; LiteRT).
 *
 * The divisor becomes a reciprocal in Q0 by Newton's iteration, the dividend takes all bits there are; their product,
 * one factor s_a / (s_b * s_out) and one right shift follow. A divisor of 0, on which the runtimes stop or do as they
 * please, gives the end of the range on the dividend's side, and 0 for 0 / 0. */
#ifndef NARROW_DIV_H
#define NARROW_DIV_H

#include "nw_types.h"
#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast shape;
  nw_i32 a_zero_point; /* in the range of the activation type; 0 for 16-bit */
  nw_i32 b_zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  int shift;         /* no operands shift further left than right: proven by the lowering */
  int wraps;         /* right shifts beyond 31 bits: 1: by the count modulo 32, as x86 does; 0: all bits out, as ARM */
  nw_i32 out_zero_point;
  nw_i32 out_min; /* output units, zero point included; out_min <= out_max */
  nw_i32 out_max;
} nw_div_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_div_i8(const NW_FLASH nw_div_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_div_i16(const NW_FLASH nw_div_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);

#endif
