/* One operand of an op whose operands have scales of their own: how it is brought to the scale they meet at. */
#ifndef NARROW_SCALED_INPUT_H
#define NARROW_SCALED_INPUT_H

#include "nw_requantize.h"

typedef struct {
  nw_i32 zero_point; /* in the range of the activation type; 0 for 16-bit */
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  int shift;         /* [-31, 0] */
} nw_scaled_input;

/* v, zero point removed, with left_shift more bits; |v| << left_shift stays below 2^31. */
static inline nw_i32 nw_scale_input(const NW_FLASH nw_scaled_input *in, nw_i32 v, int left_shift) {
  return nw_requantize_double(nw_shift_left(v, left_shift), in->multiplier, in->shift);
}

#endif
