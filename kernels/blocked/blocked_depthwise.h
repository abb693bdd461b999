/* DEPTHWISE_CONV_2D of int8 for processors without the DSP extension: one channel after the other, three output pixels
 * at a time.
 *
 * Whichever of the two directions of an image takes fewer times three pixels may be that of its rows. One output
 * channel for each input channel; batches and dilations are 1. Results are those of nw_depthwise_conv2d_i8_double.
 * weights: the taps of each channel. channels: packed_channel.h, one for each channel. scratch:
 * NW_BLOCKED_DEPTHWISE_SCRATCH(window) bytes: a channel of the image with its padding. The output may begin where the
 * input does, if it has no more pixels: a channel is read as a whole before it is written, and other channels are not
 * touched. */
#ifndef NARROW_BLOCKED_DEPTHWISE_H
#define NARROW_BLOCKED_DEPTHWISE_H

#include "portable/window.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_window window;
  nw_i32 input_zero_point; /* what padding holds */
  nw_i32 min, max;         /* of results: a fused activation */
  nw_i32 transposed;       /* 1: rows of the window are columns of the images in memory, and of its filters */
} nw_blocked_depthwise_params;

/* The rows and columns that windows reach, with those of pixels behind a row that are computed and not used. */
#define NW_BLOCKED_DEPTHWISE_ROWS(w) (((w).output_h - 1) * (w).stride_h + (w).filter_h)
#define NW_BLOCKED_DEPTHWISE_COLUMNS(w) (((w).output_w + 2) / 3 * 3 * (w).stride_w - (w).stride_w + (w).filter_w)
#define NW_BLOCKED_DEPTHWISE_SCRATCH(w) (NW_BLOCKED_DEPTHWISE_ROWS(w) * NW_BLOCKED_DEPTHWISE_COLUMNS(w))

void nw_blocked_depthwise_i8(const nw_blocked_depthwise_params *p, const nw_i8 *input, const nw_i8 *weights,
                             const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
