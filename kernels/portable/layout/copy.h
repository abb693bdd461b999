/* Moving elements of any type: blocks (CONCATENATION, PACK, SPLIT, UNPACK) and strided views (TRANSPOSE, STRIDED_SLICE,
 * BROADCAST_TO, REVERSE). Sizes and offsets are what C calls bytes, those of sizeof. */
#ifndef NARROW_COPY_H
#define NARROW_COPY_H

#include "nw_types.h"

#define NW_COPY_RANK 6

/* `blocks` blocks of block_bytes, in_stride apart in `in` and out_stride apart in `out`. One input of a CONCATENATION:
 * blocks = product of the dimensions before the axis, block_bytes = in_stride = its bytes from the axis on, out_stride
 * = the output's, out = output + the bytes of the inputs before. PACK is one along a new axis of extent 1. */
typedef struct {
  nw_i32 blocks;
  nw_i32 block_bytes;
  nw_i32 in_stride;
  nw_i32 out_stride;
} nw_copy_blocks_params;

/* out must not overlap in. */
void nw_copy_blocks(nw_copy_blocks_params const *p, void const *in, void *out);

/* A dense, row-major output gathered from in[offset + sum of index[d] * stride[d]]. Dimensions outermost first, padded
 * in front with extent 1. Strides and offset in elements; strides may be negative (slices) or 0 (repetition). Merging
 * dimensions where stride[d] = extent[d + 1] * stride[d + 1] lengthens runs and changes no result. */
typedef struct {
  nw_i32 extent[NW_COPY_RANK]; /* of the output, >= 0 */
  nw_i32 stride[NW_COPY_RANK];
  nw_i32 offset;
  nw_i32 element_bytes; /* 1, 2, 4 or 8 */
} nw_copy_strided_params;

/* out must not overlap in. */
void nw_copy_strided(nw_copy_strided_params const *p, void const *in, void *out);

/* The other way round: a dense, row-major input of these extents goes to out[offset + sum of index[d] * stride[d]]. The
 * rest of out stays. out must not overlap in. */
void nw_put_strided(nw_copy_strided_params const *p, void const *in, void *out);

#endif
