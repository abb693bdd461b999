/* Walking two operands under broadcasting.
 *
 * The lowering right-aligns both shapes to NW_BROADCAST_RANK dimensions and sets a stride to 0 where an operand is
 * repeated. Merging neighbouring dimensions that repeat alike is allowed and lengthens the innermost run; it never
 * changes a result. */
#ifndef NARROW_BROADCAST_H
#define NARROW_BROADCAST_H

#include "nw_types.h"

#define NW_BROADCAST_RANK 6

/* All arrays outermost first; unused leading dimensions have extent 1. The output is dense, row-major. */
typedef struct {
  nw_i32 extent[NW_BROADCAST_RANK];   /* output extents, >= 1 */
  nw_i32 a_stride[NW_BROADCAST_RANK]; /* elements of a per step; 0 where a is repeated */
  nw_i32 b_stride[NW_BROADCAST_RANK]; /* elements of b per step; 0 where b is repeated */
} nw_broadcast;

/* Where the current innermost run starts in each operand, in elements. */
typedef struct {
  nw_i32 index[NW_BROADCAST_RANK - 1];
  nw_i32 a;
  nw_i32 b;
} nw_broadcast_cursor;

static inline nw_broadcast_cursor nw_broadcast_begin(void) {
  nw_broadcast_cursor c;
  for (int d = 0; d < NW_BROADCAST_RANK - 1; ++d) c.index[d] = 0;
  c.a = 0;
  c.b = 0;
  return c;
}

/* Moves to the next run; 0 when there is none. */
static inline int nw_broadcast_next(const NW_FLASH nw_broadcast *s, nw_broadcast_cursor *c) {
  for (int d = NW_BROADCAST_RANK - 2; d >= 0; --d) {
    c->a += s->a_stride[d];
    c->b += s->b_stride[d];
    if (++c->index[d] < s->extent[d]) return 1;
    c->a -= s->a_stride[d] * s->extent[d];
    c->b -= s->b_stride[d] * s->extent[d];
    c->index[d] = 0;
  }
  return 0;
}

#endif
