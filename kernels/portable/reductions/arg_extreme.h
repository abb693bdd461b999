/* ARG_MAX and ARG_MIN: where along one dimension the first of the largest, or smallest, stored values is. */
#ifndef NARROW_ARG_EXTREME_H
#define NARROW_ARG_EXTREME_H

#include "nw_types.h"

typedef struct {
  nw_i32 outer; /* product of the dimensions before */
  nw_i32 depth; /* the dimension, >= 1 */
  nw_i32 inner; /* product of the dimensions behind */
} nw_arg_params;

/* out: outer * inner indices. */
void nw_arg_max_i8(const NW_FLASH nw_arg_params *p, const nw_i8 *in, nw_i32 *out);
void nw_arg_max_i16(const NW_FLASH nw_arg_params *p, const nw_i16 *in, nw_i32 *out);
void nw_arg_min_i8(const NW_FLASH nw_arg_params *p, const nw_i8 *in, nw_i32 *out);
void nw_arg_min_i16(const NW_FLASH nw_arg_params *p, const nw_i16 *in, nw_i32 *out);

#endif
