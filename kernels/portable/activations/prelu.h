/* PRELU: x for x >= 0, alpha * x for x < 0, alpha a tensor broadcast to the input. alpha is 8-bit, with its zero point,
 * in 8- and 16-bit networks alike (TFLM and LiteRT read it so).
 *
 * Factors s_in / s_out and s_in * s_alpha / s_out, left to right; in double under TFLM, in float32 under LiteRT. */
#ifndef NARROW_PRELU_H
#define NARROW_PRELU_H

#include "nw_types.h"
#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast shape;      /* a: input, never repeated; b: alpha */
  nw_i32 input_zero_point; /* [-128, 127] or 0 for 16-bit */
  nw_i32 alpha_zero_point; /* [-128, 127] */
  nw_i32 output_zero_point;
  nw_i32 multiplier;       /* x >= 0: [2^30, 2^31 - 1] */
  int shift;               /* [-31, 30], |x| << shift below 2^31 */
  nw_i32 alpha_multiplier; /* x < 0, factor of x * alpha: [2^30, 2^31 - 1] */
  int alpha_shift;         /* [-31, 30], |x * alpha| << shift below 2^31 */
} nw_prelu_params;

/* out may be in. */
void nw_prelu_i8(const NW_FLASH nw_prelu_params *p, const nw_i8 *in, const nw_i8 *alpha, nw_i8 *out);
void nw_prelu_i16(const NW_FLASH nw_prelu_params *p, const nw_i16 *in, const nw_i8 *alpha, nw_i16 *out);

#endif
