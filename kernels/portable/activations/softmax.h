/* SOFTMAX over the last axis: exp(beta * s_in * q_i) / sum over the row, the row's largest element subtracted first.
 *
 * 8-bit input, fixed point (TFLM; LiteRT reference kernels; LiteRT's default kernel is float, so host-only):
 *   multiplier, shift = min(beta * s_in * 2^26, 2^31 - 1) as a factor > 1: differences from the maximum become Q5.26;
 *   diff_min = -floor(31 * 2^26 / 2^shift): what lies below is 0. Q12.19 sum.
 * 16-bit input, tables (TFLM and LiteRT alike but for the tables' precision):
 *   multiplier, shift = beta * s_in / (10 / 65535): differences in [-10, 0] become [-65535, 0]. */
#ifndef NARROW_SOFTMAX_H
#define NARROW_SOFTMAX_H

#include "nw_types.h"

typedef struct {
  nw_i32 rows;
  nw_i32 depth;      /* [1, 4095]: beyond, a row of equal inputs overflows the sum, in the runtimes too */
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  int shift;         /* [0, 31] */
  nw_i32 diff_min;   /* [-255, 0] is all that matters */
} nw_softmax_params;

typedef struct {
  nw_i32 rows;
  nw_i32 depth;                            /* [1, 65535] */
  nw_i32 multiplier;                       /* [2^30, 2^31 - 1] */
  int shift;                               /* [-31, 14] */
  const NW_FLASH nw_i16 *exp_table;        /* 513 entries: e^x * 32767.5 (roughly), x from -10 to 0 */
  const NW_FLASH nw_i16 *reciprocal_table; /* 513 entries: 1 / (1 + x) * 32767.5 (roughly), x from 0 to 1 */
} nw_softmax16_params;

/* Output scale 1/256, zero point -128. out may be in. The runtimes abort where the sum of a row's exponentials, the
 * largest being 1, reaches 512; here the result is the continuation of the same formula. */
void nw_softmax_i8(const NW_FLASH nw_softmax_params *p, const nw_i8 *in, nw_i8 *out);
/* Qm.n: output scale 1/128, zero point 0. */
void nw_softmax_q7(const NW_FLASH nw_softmax_params *p, const nw_i8 *in, nw_i8 *out);
/* Output scale 1/65536, zero point -32768. */
void nw_softmax_i8_i16(const NW_FLASH nw_softmax_params *p, const nw_i8 *in, nw_i16 *out);
/* Output scale 1/32768, zero point 0; input zero point 0. out may be in: it holds the exponentials meanwhile. */
void nw_softmax_i16(const NW_FLASH nw_softmax16_params *p, const nw_i16 *in, nw_i16 *out);

#endif
