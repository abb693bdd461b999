/* LOG_SOFTMAX over the last axis: x minus ln of the sum of e^x over the row, the row's largest element subtracted
 * first. Output scale 16/256, zero point 127.
 *
 * multiplier, shift = min(s_in * 2^26, 2^31 - 1) as a factor of 2 or more: differences from the maximum become Q5.26;
 * diff_min = -floor(31 * 2^26 / 2^shift): what lies below adds nothing to the sum. reverse_multiplier, reverse_shift =
 * 2^(31 - shift) / multiplier: Q5.26 back to steps of the input, which tells what no Q5.26 number stands for. */
#ifndef NARROW_LOG_SOFTMAX_H
#define NARROW_LOG_SOFTMAX_H

#include "nw_types.h"

typedef struct {
  nw_i32 rows;
  nw_i32 depth;              /* [1, 4095]: as in SOFTMAX */
  nw_i32 multiplier;         /* [2^30, 2^31 - 1] */
  int shift;                 /* [2, 31] */
  nw_i32 reverse_multiplier; /* [2^30, 2^31 - 1] */
  int reverse_shift;         /* [-31, 0] */
  nw_i32 diff_min;           /* [-2^29, 0] */
} nw_log_softmax_params;

/* out may be in. TFLM and LiteRT's reference kernels. */
void nw_log_softmax_i8(const NW_FLASH nw_log_softmax_params *p, const nw_i8 *in, nw_i8 *out);

#endif
