/* CONV_2D of int8 for processors with the DSP extension: two output pixels and two channels at a time.
 *
 * Not grouped; batches and dilations are 1. Results are those of nw_conv2d_i8_double.
 * weights: for each pair of output channels and each four elements of a filter, one word of four bytes for each channel
 * (nw_dsp_conv2d_i8), or two words of two 16-bit lanes, of elements 0 and 2 and of elements 1 and 3
 * (nw_dsp_conv2d_i8_wide). Filters end in zeros where their elements are no multiple of eight, and the last pair in a
 * channel of zeros where channels are odd.
 * channels: dsp_channel.h, one for each output channel and for that of zeros.
 * scratch: NW_DSP_CONV2D_SCRATCH(elements of a filter) bytes, aligned to a word.
 * The output may lie over the input as that of nw_conv2d_i8_double may. */
#ifndef NARROW_DSP_CONV2D_H
#define NARROW_DSP_CONV2D_H

#include "portable/packed_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two columns in lanes, one in bytes, and results that nobody wants. */
#define NW_DSP_CONV2D_SCRATCH(elements) (5 * (((elements) + 7) / 8 * 8))

void nw_dsp_conv2d_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                      const nw_i32 *channels, nw_i8 *output, void *scratch);
void nw_dsp_conv2d_i8_wide(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                           const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
