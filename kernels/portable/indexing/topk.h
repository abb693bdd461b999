/* TOPK_V2: the k largest stored values of each row, from the largest down; of equals the first. */
#ifndef NARROW_TOPK_H
#define NARROW_TOPK_H

#include "nw_types.h"

typedef struct {
  nw_i32 rows;
  nw_i32 depth;
  nw_i32 k; /* [0, depth] */
} nw_topk_params;

/* values and indices: rows * k elements. */
void nw_topk_i8(const NW_FLASH nw_topk_params *p, const nw_i8 *in, nw_i8 *values, nw_i32 *indices);
void nw_topk_i16(const NW_FLASH nw_topk_params *p, const nw_i16 *in, nw_i16 *values, nw_i32 *indices);

#endif
