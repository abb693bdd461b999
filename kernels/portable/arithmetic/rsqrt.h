/* RSQRT: 1 / sqrt(x). What has no inverse root, x <= 0, becomes the largest integer; the runtimes stop at x < 0. The
 * 16-bit form is TFLM's; LiteRT reads a table.
 *
 * multiplier, shift = 1 / (sqrt(s_in) * s_out): the denominator in float32, the quotient in double (TFLM and LiteRT).
 */
#ifndef NARROW_RSQRT_H
#define NARROW_RSQRT_H

#include "nw_types.h"

typedef struct {
  nw_i32 count;
  nw_i32 input_zero_point;
  nw_i32 output_zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  int shift;         /* [-11, 30] */
} nw_rsqrt_params;

/* out may be in. */
void nw_rsqrt_i8(const NW_FLASH nw_rsqrt_params *p, const nw_i8 *in, nw_i8 *out);
void nw_rsqrt_i16(const NW_FLASH nw_rsqrt_params *p, const nw_i16 *in, nw_i16 *out);

#endif
