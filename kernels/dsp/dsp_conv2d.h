/* CONV_2D of int8 for processors with the DSP extension: three output pixels and two channels at a time.
 *
 * Not grouped; batches and dilations are 1. Results are those of nw_conv2d_i8_double.
 * weights: the elements of a filter in the order of NW_DSP_SORTED, with a zero behind each row of an odd number of them
 * and zeros at the end up to a multiple of eight. For each pair of output channels and each four elements, a word of
 * four bytes for each channel (nw_dsp_conv2d_i8); or a word of two 16-bit lanes for each channel, of the doubled
 * elements 0 and 2, and one for each channel of the doubled elements 1 and 3 (nw_dsp_conv2d_i8_wide). Where channels
 * are odd, the last pair has one of zeros.
 * channels: dsp_channel.h, one for each output channel and for that of zeros; doubled where weights are.
 * scratch: nw_dsp_conv2d_scratch bytes, aligned to a word.
 * The output may lie over the input as that of nw_conv2d_i8_double may. */
#ifndef NARROW_DSP_CONV2D_H
#define NARROW_DSP_CONV2D_H

#include "portable/packed_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether weights lie as their filter has them: windows are multiplied as SXTB16 takes bytes apart, elements 0 and 2, 1
 * and 3. Otherwise elements 1 and 2 of each four change places, as lanes lie in the order of the image. */
#define NW_DSP_SORTED(w) ((w).input_c % 4 == 0)

/* Whether each window is a pixel of the image. */
#define NW_DSP_PIXEL_BY_PIXEL(w)                                                                           \
  (NW_DSP_SORTED(w) && (w).filter_h == 1 && (w).filter_w == 1 && (w).stride_h == 1 && (w).stride_w == 1 && \
   (w).pad_top == 0 && (w).pad_left == 0 && (w).output_w == (w).input_w && (w).output_h <= (w).input_h)

enum { NW_COLUMNS = 3 };

/* Words of a row of a filter, and of a window. */
static inline nw_i32 nw_dsp_row_words(const nw_window *w) {
  return (w->filter_w * w->input_c + 1) / 2;
}
static inline nw_i32 nw_dsp_window_words(const nw_window *w) {
  return (w->filter_h * nw_dsp_row_words(w) + 3) / 4 * 4;
}

/* Lanes of a row of the image with what it is padded with, and more that are read and written but not used. */
static inline nw_i32 nw_dsp_image_lanes(const nw_window *w) {
  return (((w->output_w - 1) * w->stride_w + w->filter_w) * w->input_c + 4 + 3) / 4 * 4;
}

/* Columns of three windows, and as many rows of the image as a filter has. */
static inline nw_i64 nw_dsp_conv2d_scratch(const nw_window *w) {
  nw_i64 const columns = (nw_i64)NW_COLUMNS * 4 * nw_dsp_window_words(w);
  return NW_DSP_PIXEL_BY_PIXEL(*w) ? columns : columns + (nw_i64)2 * w->filter_h * nw_dsp_image_lanes(w);
}

void nw_dsp_conv2d_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                      const nw_i32 *channels, nw_i8 *output, void *scratch);
void nw_dsp_conv2d_i8_wide(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                           const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
