/* DEPTHWISE_CONV_2D with 3x3 filters, of widths other than 8 bits, for processors with the DSP extension: one channel
 * after the other, two output pixels at a time, from a copy of the channel in 16 bits.
 *
 * One output channel for each input channel; batches and dilations are 1, strides 1 or 2 and the same in both
 * directions.
 * weights: dsp_plane.h. channels: a record of dsp_results.h for each channel. Sums with what they begin with have 32 bits.
 * scratch: NW_DSP_PLANE_SCRATCH(window) bytes, aligned to a word: a channel of the image with its padding.
 * The output may begin where the input does, if it has no more pixels: a channel is read as a whole before it is
 * written, and other channels are not touched. */
#ifndef NARROW_DSP_PLANE_LAYER_H
#define NARROW_DSP_PLANE_LAYER_H

#include "portable/packed_window.h"

/* The rows and columns that windows reach, the latter up to an even number of pixels. */
#define NW_DSP_PLANE_ROWS(w) (((w).output_h - 1) * (w).stride_h + 3)
#define NW_DSP_PLANE_COLUMNS(w) (((w).output_w + 1) / 2 * 2 * (w).stride_w + 2)
#define NW_DSP_PLANE_SCRATCH(w) (2 * NW_DSP_PLANE_ROWS(w) * NW_DSP_PLANE_COLUMNS(w))

#endif
