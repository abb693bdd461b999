/* ONE_HOT: for each position a row of `depth` elements, one value at the position and the other one everywhere else. */
#ifndef NARROW_ONE_HOT_H
#define NARROW_ONE_HOT_H

#include "nw_types.h"

typedef struct {
  nw_i32 outer; /* product of the positions' dimensions before the new axis */
  nw_i32 depth; /* extent of the new axis */
  nw_i32 inner; /* product of the dimensions after it */
  nw_i32 element_bytes;
  nw_i32 index_bytes; /* 4 or 8 */
} nw_one_hot_params;

/* Positions outside of [0, depth) have no element of value `on`. */
void nw_one_hot(const NW_FLASH nw_one_hot_params *p, const void *positions, const void *on, const void *off, void *out);

#endif
