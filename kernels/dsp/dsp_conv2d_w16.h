/* CONV_2D of 16-bit activations and 16-bit weights for processors with the DSP extension: two output pixels and two
 * channels at a time. Results are those of nw_conv2d_a16w16s64_wide.
 *
 * Not grouped; batches and dilations are 1.
 * weights: for each pair of output channels and each two elements of a filter a word of two lanes of each channel.
 * Filters end in zeros where their elements are no multiple of eight, and the last pair in a channel of zeros.
 * channels: dsp_wide_sums.h, one for each output channel and for that of zeros.
 * scratch: NW_DSP_CONV2D_W16_SCRATCH(elements of a filter) bytes, aligned to a word.
 * The output may lie over the input as that of the portable kernel may. */
#ifndef NARROW_DSP_CONV2D_W16_H
#define NARROW_DSP_CONV2D_W16_H

#include "portable/packed_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two columns, and one in elements. */
#define NW_DSP_CONV2D_W16_SCRATCH(elements) (((elements) + 7) / 8 * 8 * 6)

void nw_dsp_conv2d_w16(const nw_packed_window_params *p, const nw_i16 *input, const nw_i32 *weights,
                       const nw_i32 *channels, nw_i16 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
