/* DEPTHWISE_CONV_2D of int8 with 3x3 filters for processors with Helium: channel by channel, four pixels at a time.
 *
 * One output channel for each input channel; batches and dilations are 1, strides 1 or 2 and the same in both
 * directions; with strides of 1 there are two rows and columns of output pixels at least. Results are those of
 * nw_depthwise_conv2d_i8_double.
 * weights: four zeros, and then for each channel 16 bytes: of each column of its filter three taps and a zero, and four
 * zeros. channels: four words for each: where its sums begin, its multiplier, 2^(s - 1) + (zero point of the output
 * << s), and -s; helium_channels.h has their ranges.
 * scratch: NW_HELIUM_DEPTHWISE3X3_SCRATCH(window) bytes, aligned to a word: 16 channels of some rows.
 * The output may lie over the input if it does not reach what is read while two rows of it (with strides of 2, one) are
 * written, and later. */
#ifndef NARROW_HELIUM_DEPTHWISE3X3_H
#define NARROW_HELIUM_DEPTHWISE3X3_H

#include "helium/helium_conv2d.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Columns that patches are gathered from, and a vector of padding. */
#define NW_HELIUM_DEPTHWISE3X3_SCRATCH(w) ((((w).output_w + 3) / 4 * 4 * (w).stride_w + 2) * 64 + 16)

void nw_helium_depthwise3x3_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                               const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
