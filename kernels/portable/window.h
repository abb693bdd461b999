/* A window that slides over an image: what convolutions and pools share. Images are NHWC.
 *
 * Lengths count elements and are at least 1; each tensor has fewer than 2^31 elements. Padding is >= 0 and lies before
 * the first row and column of the image; what lies behind the last ones follows from the lengths. */
#ifndef NARROW_WINDOW_H
#define NARROW_WINDOW_H

#include "nw_types.h"

typedef struct {
  nw_i32 batches;
  nw_i32 input_h, input_w, input_c;
  nw_i32 filter_h, filter_w;
  nw_i32 output_h, output_w, output_c;
  nw_i32 stride_h, stride_w;
  nw_i32 dilation_h, dilation_w; /* 1 where the op has no dilation */
  nw_i32 pad_top, pad_left;
  nw_i32 backwards; /* 1: output pixels are computed from the last to the first. No value depends on it, but where the
                     * output may lie over an input that is not needed any more does. */
} nw_window;

/* The `i`-th of `count` places along a dimension of the output, in the order in which they are computed. */
static inline nw_i32 nw_in_order(const NW_FLASH nw_window *w, nw_i32 i, nw_i32 count) {
  return w->backwards ? count - 1 - i : i;
}

#endif
