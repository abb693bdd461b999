/* What is known of an output channel offline, and how its sums become results. */
#ifndef NARROW_DSP_CHANNEL_H
#define NARROW_DSP_CHANNEL_H

#include "dsp/dsp_words.h"
/* What needs them. */
#include "portable/packed_channel.h"

/* Where a kernel's weights are lanes, they and the beginning are doubled, and so are its sums. Where they are folded
 * (dsp_columns.h), sums are 256 times what they are otherwise, within +-2^31, and begin lower by 127 times each first
 * weight of two. */
static NW_INLINE nw_i32 nw_doubled_of_folded(nw_i32 sum) {
  return NW_FLOOR_SHIFT(sum, 7);
}

#endif
