/* STRIDED_SLICE and SLICE: a strided copy. Masks and negative begins are resolved by the lowering. */
#ifndef NARROW_STRIDED_SLICE_H
#define NARROW_STRIDED_SLICE_H

#include "copy.h"

/* One dimension: output index i is input index begin + i * step. */
typedef struct {
  nw_i32 in_extent;  /* >= 1 */
  nw_i32 begin;      /* [0, in_extent - 1]; any if out_extent is 0 */
  nw_i32 step;       /* not 0; negative runs backwards */
  nw_i32 out_extent; /* >= 0; begin + (out_extent - 1) * step inside the input */
} nw_slice_axis;

/* axes: rank of them, outermost first; rank in [0, 6]. */
nw_copy_strided_params nw_strided_slice_params(int rank, nw_slice_axis const *axes, nw_i32 element_bytes);

#endif
