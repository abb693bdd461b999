/* REDUCE_MAX, REDUCE_MIN and REDUCE_PROD over any axes; dimensions as in reduce.h. */
#ifndef NARROW_REDUCE_FOLD_H
#define NARROW_REDUCE_FOLD_H

#include "portable/reductions/reduce.h"

typedef struct {
  nw_reduce_dims kept;
  nw_reduce_dims reduced;
} nw_extreme_params;

/* The stored values, whatever they stand for. */
void nw_reduce_max_i8(const NW_FLASH nw_extreme_params *p, const nw_i8 *in, nw_i8 *out);
void nw_reduce_max_i16(const NW_FLASH nw_extreme_params *p, const nw_i16 *in, nw_i16 *out);
void nw_reduce_min_i8(const NW_FLASH nw_extreme_params *p, const nw_i8 *in, nw_i8 *out);
void nw_reduce_min_i16(const NW_FLASH nw_extreme_params *p, const nw_i16 *in, nw_i16 *out);

/* The factor s_in / s_out^(1/n) is applied after each of the n - 1 products and once more at the end, all with
 * nw_requantize_wide. Products that leave 32 bits wrap, as in LiteRT. */
typedef struct {
  nw_reduce_dims kept;
  nw_reduce_dims reduced;
  nw_i32 input_zero_point;
  nw_i32 output_zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] or 0 */
  int shift;         /* [-31, 14] */
} nw_product_params;

void nw_reduce_prod_i8(const NW_FLASH nw_product_params *p, const nw_i8 *in, nw_i8 *out);
void nw_reduce_prod_i16(const NW_FLASH nw_product_params *p, const nw_i16 *in, nw_i16 *out);

#endif
