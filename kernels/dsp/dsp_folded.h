/* Two weights of 8 bits in a lane of 16.
 *
 * A lane of two folded weights is w = 256 w1 + w0, and w * x1 + w0 * (256 x0 - x1) = 256 (w0 * x0 + w1 * x1): so only
 * w0 has to be taken out of it. That 127 is added makes any x0 and x1 fit 16 bits; it is taken off where sums begin. */
#ifndef NARROW_DSP_FOLDED_H
#define NARROW_DSP_FOLDED_H

#include "dsp/dsp_words.h"

/* Of bytes x0 to x3 the words (256 x0 - x1 + 127, 256 x2 - x3 + 127) and, in `second`, (x1, x3): 127 - x is x with all
 * bits but that of the sign turned over, as a byte from 0 on. */
static NW_INLINE nw_u32 nw_folded_words(nw_u32 bytes, nw_u32 *second) {
  *second = nw_odd_bytes(bytes);
  return nw_swap_bytes(bytes) ^ 0x007F007Fu;
}

#endif
