/* CUMSUM: sums along one dimension, as TFLM computes them on 8 bits. Each x - zero point becomes (x - zero point) *
 * 2^19 before it is added. The sum does not start at 0 but at -zero point * 2^19: a slip of the runtime's that is kept.
 *
 * multiplier, shift = s_in / (2^19 * s_out) as a factor under 1, in double. */
#ifndef NARROW_CUMSUM_H
#define NARROW_CUMSUM_H

#include "nw_types.h"

typedef struct {
  nw_i32 outer;  /* product of the dimensions before */
  nw_i32 depth;  /* (depth + 1) * max |x - zero point| < 2^12 */
  nw_i32 inner;  /* product of the dimensions behind */
  int exclusive; /* each element is left out of its own sum */
  int reverse;   /* from the end */
  nw_i32 input_zero_point;
  nw_i32 output_zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] or 0 */
  int shift;         /* [-31, 0] */
} nw_cumsum_params;

/* out may be in. */
void nw_cumsum_i8(const NW_FLASH nw_cumsum_params *p, const nw_i8 *in, nw_i8 *out);

#endif
