/* CONV_2D of int8 for processors with the DSP extension: three output pixels and two channels at a time.
 *
 * Not grouped; batches and dilations are 1. Results are those of nw_conv2d_i8_double.
 * weights: the elements of a filter as dsp_window.h orders them, with zeros at the end up to a multiple of eight. For
 * each pair of output channels and each four elements w0 to w3
 *   nw_dsp_conv2d_i8:      a word for each channel, of lanes 256 w1 + w0 and 256 w3 + w2, which have to fit 16 bits;
 *   nw_dsp_conv2d_i8_wide: a word for each channel, of lanes 2 w0 and 2 w2, and then one for each of 2 w1 and 2 w3.
 * Where channels are odd, the last pair has one of zeros. The former takes sorted windows only (dsp_window.h).
 * channels: dsp_channel.h, one for each output channel and for that of zeros; sums are those of folded weights, or
 * doubled ones.
 * scratch: nw_dsp_conv2d_scratch bytes, aligned to a word.
 * The output may lie over the input as that of nw_conv2d_i8_double may. */
#ifndef NARROW_DSP_CONV2D_H
#define NARROW_DSP_CONV2D_H

#include "dsp/dsp_window.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_conv2d_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                      const nw_i32 *channels, nw_i8 *output, void *scratch);
void nw_dsp_conv2d_i8_wide(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                           const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
