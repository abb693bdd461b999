/* Which filter taps of one axis meet the input. The others read padding, which holds the zero point,
 * and add nothing. */
#ifndef NARROW_CONV2D_TAPS_H
#define NARROW_CONV2D_TAPS_H

#include "nw_types.h"

typedef struct {
  nw_i32 begin, end; /* taps [begin, end); empty when begin >= end */
} nw_taps;

/* Taps t in [0, count) with 0 <= origin + dilation * t < size. origin = output position * stride - leading padding. */
static inline nw_taps nw_taps_inside(nw_i32 origin, nw_i32 dilation, nw_i32 count, nw_i32 size) {
  nw_taps taps;
  nw_i32 const last = size - 1 - origin;
  nw_i32 const end = last < 0 ? 0 : last / dilation + 1;
  taps.begin = origin < 0 ? (-origin - 1) / dilation + 1 : 0;
  taps.end = end < count ? end : count;
  return taps;
}

#endif
