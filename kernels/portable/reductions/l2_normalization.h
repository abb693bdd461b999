/* L2_NORMALIZATION over the last axis: x / sqrt(sum of x^2). Output scale 1/128, zero point 0; a row of zeros stays
 * one. TFLM and LiteRT. */
#ifndef NARROW_L2_NORMALIZATION_H
#define NARROW_L2_NORMALIZATION_H

#include "nw_types.h"

typedef struct {
  nw_i32 rows;
  nw_i32 depth; /* depth * max |x - zero point|^2 < 2^31 */
  nw_i32 input_zero_point;
} nw_l2_normalization_params;

/* out may be in. */
void nw_l2_normalization_i8(const NW_FLASH nw_l2_normalization_params *p, const nw_i8 *in, nw_i8 *out);

#endif
