/* LEAKY_RELU: x for x >= 0, alpha * x for x < 0, each with its own factor.
 *
 * Factors s_in / s_out and s_in * alpha / s_out, both computed left to right in float32 (TFLM and LiteRT).
 * A negative alpha has a negative alpha_multiplier, (multiplier, shift) being those of |alpha|; the sign comes after
 * rounding. */
#ifndef NARROW_LEAKY_RELU_H
#define NARROW_LEAKY_RELU_H

#include "nw_types.h"

typedef struct {
  nw_i32 count;
  nw_i32 input_zero_point; /* 0 for 16-bit, as is output_zero_point */
  nw_i32 output_zero_point;
  nw_i32 multiplier;       /* x >= 0: [2^30, 2^31 - 1] */
  int shift;               /* [-31, 30], |input - zero point| << shift below 2^31 */
  nw_i32 alpha_multiplier; /* x < 0: 0 or +-[2^30, 2^31 - 1] */
  int alpha_shift;         /* as shift */
} nw_leaky_relu_params;

/* out may be in. */
void nw_leaky_relu_i8(const NW_FLASH nw_leaky_relu_params *p, const nw_i8 *in, nw_i8 *out);
void nw_leaky_relu_i16(const NW_FLASH nw_leaky_relu_params *p, const nw_i16 *in, nw_i16 *out);

#endif
