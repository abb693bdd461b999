/* MIRROR_PAD: the input surrounded by its own reflection. */
#ifndef NARROW_MIRROR_PAD_H
#define NARROW_MIRROR_PAD_H

#include "nw_types.h"

#define NW_MIRROR_RANK 8

typedef struct {
  nw_i32 extent[NW_MIRROR_RANK]; /* of the input, outermost first, padded in front with extent 1; >= 1 */
  nw_i32 before[NW_MIRROR_RANK]; /* [0, extent - skip] */
  nw_i32 after[NW_MIRROR_RANK];  /* [0, extent - skip] */
  nw_i32 skip;                   /* 1: the border is the mirror and not repeated; 0: it is repeated */
  nw_i32 element_bytes;          /* as sizeof counts */
} nw_mirror_pad_params;

/* out must not overlap in. */
void nw_mirror_pad(const NW_FLASH nw_mirror_pad_params *p, const void *in, void *out);

#endif
