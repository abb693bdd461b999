/* PAD and PADV2: the input surrounded by a constant. PAD's constant is the zero point. */
#ifndef NARROW_PAD_H
#define NARROW_PAD_H

#include "nw_types.h"

#define NW_PAD_RANK 6

typedef struct {
  nw_i32 extent[NW_PAD_RANK]; /* of the input, outermost first, padded in front with extent 1; >= 0 */
  nw_i32 before[NW_PAD_RANK]; /* >= 0 */
  nw_i32 after[NW_PAD_RANK];  /* >= 0 */
  nw_i32 element_bytes;       /* 1, 2, 4 or 8, as sizeof counts */
} nw_pad_params;

/* value: one element. out must not overlap in. */
void nw_pad(const NW_FLASH nw_pad_params *p, const void *value, const void *in, void *out);

#endif
