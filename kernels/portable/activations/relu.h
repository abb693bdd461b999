/* RELU, RELU6, RELU_N1_TO_1, RELU_0_TO_1: rescale, then clamp.
 *
 * multiplier, shift = s_in / s_out, the quotient taken in float32 (TFLM and LiteRT). out_min = zero_point_out +
 * round(low / s_out), out_max likewise, in float32, ties away from zero, both cut to the type's range.
 * TFLM's RELU6 does not rescale: multiplier 2^30, shift 1 (factor 1), zero points and bounds from the input. */
#ifndef NARROW_RELU_H
#define NARROW_RELU_H

#include "nw_types.h"

typedef struct {
  nw_i32 count;
  nw_i32 input_zero_point; /* 0 for 16-bit */
  nw_i32 output_zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  int shift;         /* [-31, 30], |input - zero point| << shift below 2^31 */
  nw_i32 out_min;    /* output units, zero point included; out_min <= out_max */
  nw_i32 out_max;
} nw_relu_params;

/* out may be in. */
void nw_relu_i8(const NW_FLASH nw_relu_params *p, const nw_i8 *in, nw_i8 *out);
void nw_relu_i16(const NW_FLASH nw_relu_params *p, const nw_i16 *in, nw_i16 *out);

#endif
