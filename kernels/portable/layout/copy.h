/* Moving elements of any type: blocks (CONCATENATION, PACK, SPLIT, UNPACK), strided views (TRANSPOSE, STRIDED_SLICE,
 * BROADCAST_TO, REVERSE) and windows that begin where an operand says (SLICE, DYNAMIC_UPDATE_SLICE). Sizes and offsets
 * are what C calls bytes, those of sizeof. */
#ifndef NARROW_COPY_H
#define NARROW_COPY_H

#include "nw_types.h"

#define NW_COPY_RANK 16 /* TILE has two dimensions for each one of the data */

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
void nw_copy_blocks(const NW_FLASH nw_copy_blocks_params *p, const void *in, void *out);

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
void nw_copy_strided(const NW_FLASH nw_copy_strided_params *p, const void *in, void *out);

/* The other way round: a dense, row-major input of these extents goes to out[offset + sum of index[d] * stride[d]]. The
 * rest of out stays. out must not overlap in. */
void nw_put_strided(const NW_FLASH nw_copy_strided_params *p, const void *in, void *out);

#define NW_WINDOW_RANK 8

/* A strided view of a tensor that begins further on, by what an operand says when the op runs. */
typedef struct {
  nw_copy_strided_params view;   /* as it is where all that is chosen is 0 */
  nw_i32 chosen;                 /* dimensions whose begin is chosen, at most NW_WINDOW_RANK */
  nw_i32 which[NW_WINDOW_RANK];  /* the integer of `begins` that chooses it */
  nw_i32 first[NW_WINDOW_RANK];  /* least begin: 0, or less where begins count from the end, -1 being the last */
  nw_i32 last[NW_WINDOW_RANK];   /* greatest begin; where begins count from the end, the last index there is */
  nw_i32 stride[NW_WINDOW_RANK]; /* elements from one begin to the next */
  nw_i32 index_bytes;            /* of the begins: 4 or 8 */
} nw_window_params;

/* nw_copy_strided from where the window begins in `in`. A begin outside of [first, last] is taken as the nearest
 * inside. out must not overlap in. */
void nw_copy_window(const NW_FLASH nw_window_params *p, const void *in, const void *begins, void *out);

/* nw_put_strided to where the window begins in `out`. */
void nw_put_window(const NW_FLASH nw_window_params *p, const void *in, const void *begins, void *out);

#endif
