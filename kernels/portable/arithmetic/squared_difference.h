/* SQUARED_DIFFERENCE: out = (a - b)^2, each tensor with its own scale and zero point.
 *
 * With S = 2 * max(s_a, s_b) and left_shift L, 7 (8-bit) or 0 (16-bit): (a.multiplier, a.shift) = s_a / S, b likewise,
 * (multiplier, shift) = S^2 / (2^(2 L) * s_out), below 1. Double rounding throughout. L and the halving of the operands
 * keep the square at or below 2^30. */
#ifndef NARROW_SQUARED_DIFFERENCE_H
#define NARROW_SQUARED_DIFFERENCE_H

#include "portable/arithmetic/broadcast.h"
#include "portable/arithmetic/scaled_input.h"

typedef struct {
  nw_broadcast shape;
  nw_scaled_input a;
  nw_scaled_input b;
  int left_shift;
  nw_i32 multiplier; /* [2^30, 2^31 - 1], or 0 */
  int shift;         /* [-31, 0] */
  nw_i32 out_zero_point;
} nw_squared_difference_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_squared_difference_i8(const NW_FLASH nw_squared_difference_params *p, const nw_i8 *a, const nw_i8 *b,
                              nw_i8 *out);
void nw_squared_difference_i16(const NW_FLASH nw_squared_difference_params *p, const nw_i16 *a, const nw_i16 *b,
                               nw_i16 *out);

#endif
