/* SUM and MEAN over any axes: one kernel. MEAN is SUM with 1 / count folded into the factor.
 *
 * The lowering sorts the input's dimensions into kept and reduced ones, each list outermost first, padded in front with
 * extent 1. Negative and repeated axes are resolved there; keep_dims changes no data. No scratch memory is needed.
 *
 * Factor M = s_in / s_out as (m, e), m in [2^30, 2^31 - 1].
 *   SUM:  multiplier = m, shift = e, sum_offset = zero_point_in * count, out_zero_point = zero_point_out.
 *   MEAN: with k = min(floor(log2(count)), 32, 31 + e): multiplier = floor(m * 2^k / count), shift = e - k, sum_offset
 * and out_zero_point as in SUM. Not the rounded exact mean: multiplier is cut. So in TFLM and, for MEAN, LiteRT's
 * reference kernels. LiteRT's others: docs/arithmetic.md.
 * Once: the factor with 1 / count in it as (multiplier, shift), one rounding by `rounding`. */
#ifndef NARROW_REDUCE_H
#define NARROW_REDUCE_H

#include "nw_types.h"

#define NW_REDUCE_RANK 6

typedef struct {
  nw_i32 extent[NW_REDUCE_RANK]; /* >= 1 */
  nw_i32 stride[NW_REDUCE_RANK]; /* input elements per step */
} nw_reduce_dims;

typedef struct {
  nw_reduce_dims kept;    /* the product of its extents is the number of outputs; outputs are dense, row-major */
  nw_reduce_dims reduced; /* the product of its extents is count; count * max |stored - zero point| < 2^31 */
  nw_i32 sum_offset;      /* subtracted from the sum of the stored values */
  nw_i32 multiplier;      /* (2^29, 2^31 - 1], or less if k was limited by 31 + e */
  int shift;              /* [-31, 30] */
  nw_i32 out_zero_point;  /* added after requantization */
  nw_i32 out_min;         /* range of the activation type, or narrower; output units, zero point included */
  nw_i32 out_max;
  int rounding; /* enum nw_rounding; once only */
} nw_reduce_params;

void nw_sum_i8(const NW_FLASH nw_reduce_params *p, const nw_i8 *in, nw_i8 *out);
void nw_sum_once_i8(const NW_FLASH nw_reduce_params *p, const nw_i8 *in, nw_i8 *out);
void nw_sum_i16(const NW_FLASH nw_reduce_params *p, const nw_i16 *in, nw_i16 *out);

/* An offset into the input that walks nw_reduce_dims in row-major order. */
typedef struct {
  nw_i32 index[NW_REDUCE_RANK];
  nw_i32 offset;
} nw_reduce_cursor;

static inline nw_reduce_cursor nw_reduce_begin(nw_i32 offset) {
  nw_reduce_cursor c;
  for (int d = 0; d < NW_REDUCE_RANK; ++d) c.index[d] = 0;
  c.offset = offset;
  return c;
}

/* Moves to the next element along dimension `last`, or the one before it where that is at its end; 0 when there is
 * none.
 */
static inline int nw_reduce_along(const NW_FLASH nw_reduce_dims *s, nw_reduce_cursor *c, int last) {
  for (int d = last; d >= 0; --d) {
    c->offset += s->stride[d];
    if (++c->index[d] < s->extent[d]) return 1;
    c->offset -= s->stride[d] * s->extent[d];
    c->index[d] = 0;
  }
  return 0;
}

/* Moves to the next element; 0 when there is none. */
static inline int nw_reduce_next(const NW_FLASH nw_reduce_dims *s, nw_reduce_cursor *c) {
  return nw_reduce_along(s, c, NW_REDUCE_RANK - 1);
}

/* Moves to the first element of the next innermost run; 0 when there is none. */
static inline int nw_reduce_next_row(const NW_FLASH nw_reduce_dims *s, nw_reduce_cursor *c) {
  return nw_reduce_along(s, c, NW_REDUCE_RANK - 2);
}

#endif
