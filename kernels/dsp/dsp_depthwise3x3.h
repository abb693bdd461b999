/* DEPTHWISE_CONV_2D of int8 with 3x3 filters for processors with the DSP extension: one channel after the other, two
 * output pixels at a time.
 *
 * One output channel for each input channel; batches and dilations are 1, strides 1 or 2 and the same in both
 * directions. Results are those of nw_depthwise_conv2d_i8_double. weights: for each channel and row of its filter a
 * word of two 16-bit lanes, of the doubled taps 0 and 2, and one of the doubled tap 1 and zero. channels:
 * dsp_channel.h, one for each channel, doubled.
 * scratch: NW_DSP_DEPTHWISE3X3_SCRATCH(window) bytes: a channel of the image with its padding.
 * The output may begin where the input does, if it has no more pixels: a channel is read as a whole before it is
 * written, and other channels are not touched. */
#ifndef NARROW_DSP_DEPTHWISE3X3_H
#define NARROW_DSP_DEPTHWISE3X3_H

#include "dsp/dsp_conv2d.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The rows and columns that windows reach, and columns behind them that are read and not used. */
#define NW_DSP_DEPTHWISE3X3_ROWS(w) (((w).output_h - 1) * (w).stride_h + 3)
#define NW_DSP_DEPTHWISE3X3_COLUMNS(w) (((w).output_w + 1) / 2 * 2 * (w).stride_w + 4)
#define NW_DSP_DEPTHWISE3X3_SCRATCH(w) (NW_DSP_DEPTHWISE3X3_ROWS(w) * NW_DSP_DEPTHWISE3X3_COLUMNS(w))

void nw_dsp_depthwise3x3_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
