/* DEPTHWISE_CONV_2D with 3x3 filters, of widths other than 8 bits, for processors with the DSP extension: one channel
 * after the other, two output pixels at a time, from a copy of the channel in 16 bits.
 *
 * One output channel for each input channel; batches and dilations are 1, strides 1 or 2 and the same in both
 * directions.
 * weights: dsp_plane.h. channels: a record of dsp_results.h for each channel. Sums with what they begin with have 32
 * bits. scratch: NW_DSP_PLANE_SCRATCH(window) bytes, aligned to a word: a channel of the image with its padding. The
 * output may begin where the input does, if it has no more pixels: a channel is read as a whole before it is written,
 * and other channels are not touched. */
#ifndef NARROW_DSP_PLANE_LAYER_H
#define NARROW_DSP_PLANE_LAYER_H

#include "portable/packed_window.h"

/* The plane is turned, its rows being columns of the image, where the results have more rows than columns: loops along
 * rows are then longer. */
#define NW_DSP_PLANE_TURNED(w) ((w).output_h > (w).output_w)

/* For rows and columns of results in the plane, the rows and columns that windows reach, the latter up to an even
 * number of pixels; strides are the same in both directions. */
#define NW_DSP_PLANE_ROWS(rows, stride) (((rows)-1) * (stride) + 3)
#define NW_DSP_PLANE_COLUMNS(columns, stride) (((columns) + 1) / 2 * 2 * (stride) + 2)
#define NW_DSP_PLANE_BYTES(rows, columns, stride) \
  (2 * NW_DSP_PLANE_ROWS(rows, stride) * NW_DSP_PLANE_COLUMNS(columns, stride))
#define NW_DSP_PLANE_SCRATCH(w)                                                          \
  (NW_DSP_PLANE_TURNED(w) ? NW_DSP_PLANE_BYTES((w).output_w, (w).output_h, (w).stride_w) \
                          : NW_DSP_PLANE_BYTES((w).output_h, (w).output_w, (w).stride_w))

#endif
