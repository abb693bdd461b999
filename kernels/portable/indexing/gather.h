/* GATHER, EMBEDDING_LOOKUP and GATHER_ND: blocks of the data chosen by positions. A position outside of the data is
 * taken as the nearest inside. Sizes and offsets are what C calls bytes, those of sizeof. */
#ifndef NARROW_GATHER_H
#define NARROW_GATHER_H

#include "nw_types.h"

typedef struct {
  nw_i32 batches;     /* product of the leading dimensions that data and positions share */
  nw_i32 outer;       /* product of the data's dimensions from there to the axis */
  nw_i32 extent;      /* of the axis, >= 1 */
  nw_i32 count;       /* positions of each batch */
  nw_i32 block_bytes; /* of the dimensions after the axis */
  nw_i32 index_bytes; /* 2, 4 or 8 */
} nw_gather_params;

/* out must not overlap in. */
void nw_gather(const NW_FLASH nw_gather_params *p, const void *in, const void *positions, void *out);

#define NW_GATHER_RANK 8

typedef struct {
  nw_i32 count;                  /* blocks of the output */
  nw_i32 depth;                  /* positions that choose one block, one for each leading dimension of the data */
  nw_i32 extent[NW_GATHER_RANK]; /* of those dimensions, >= 1 */
  nw_i32 stride[NW_GATHER_RANK]; /* bytes from one index of each to the next */
  nw_i32 block_bytes;
  nw_i32 index_bytes; /* 2, 4 or 8 */
} nw_gather_nd_params;

/* out must not overlap in. */
void nw_gather_nd(const NW_FLASH nw_gather_nd_params *p, const void *in, const void *positions, void *out);

#endif
