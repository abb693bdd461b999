/* SELECT, SELECT_V2: out = condition ? a : b, element by element, each of the three repeated where it has one element.
 * Elements of any type; a, b and out have one scale. */
#ifndef NARROW_SELECT_H
#define NARROW_SELECT_H

#include "nw_types.h"

#define NW_SELECT_RANK 6

/* All arrays outermost first; unused leading dimensions have extent 1. Strides in elements, 0 where repeated. */
typedef struct {
  nw_i32 extent[NW_SELECT_RANK]; /* of the output, >= 1 */
  nw_i32 condition_stride[NW_SELECT_RANK];
  nw_i32 a_stride[NW_SELECT_RANK];
  nw_i32 b_stride[NW_SELECT_RANK];
  nw_i32 element_bytes; /* 1, 2, 4 or 8, as sizeof counts them */
} nw_select_params;

/* condition: bytes, true but for 0. out must not overlap an operand. */
void nw_select(const NW_FLASH nw_select_params *p, const nw_u8 *condition, const void *a, const void *b, void *out);

#endif
