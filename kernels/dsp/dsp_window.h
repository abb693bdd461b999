/* How the windows of a convolution lie in words of two 16-bit lanes, and how many there are of them. */
#ifndef NARROW_DSP_WINDOW_H
#define NARROW_DSP_WINDOW_H

#include "portable/packed_window.h"

/* Windows are sorted where channels are a multiple of four, or so many that zeros up to one do not matter: each pixel
 * is fours of elements, which become words as dsp_columns.h says. Otherwise a row of a window is lanes in the order of
 * the image, and a zero where they are odd; weights that are taken apart as sorted ones are have elements 1 and 2 of
 * each four in each other's place then. */
#define NW_DSP_SORTED(w) ((w).input_c % 4 == 0 || (w).input_c >= 8)

/* Whether each window is a pixel of the image. */
#define NW_DSP_PIXEL_BY_PIXEL(w)                                                                           \
  (NW_DSP_SORTED(w) && (w).filter_h == 1 && (w).filter_w == 1 && (w).stride_h == 1 && (w).stride_w == 1 && \
   (w).pad_top == 0 && (w).pad_left == 0 && (w).output_w == (w).input_w && (w).output_h <= (w).input_h)

enum { NW_COLUMNS = 3 };

/* Lanes of a pixel. */
static inline nw_i32 nw_dsp_pixel_lanes(const nw_window *w) {
  return NW_DSP_SORTED(*w) ? (w->input_c + 3) / 4 * 4 : w->input_c;
}

/* Words of a row of a filter, and of a window. */
static inline nw_i32 nw_dsp_row_words(const nw_window *w) {
  return (w->filter_w * nw_dsp_pixel_lanes(w) + 1) / 2;
}
static inline nw_i32 nw_dsp_window_words(const nw_window *w) {
  return (w->filter_h * nw_dsp_row_words(w) + 3) / 4 * 4;
}

/* Lanes of a row of the image with what it is padded with, and more that are read and written but not used. */
static inline nw_i32 nw_dsp_image_lanes(const nw_window *w) {
  return (((w->output_w - 1) * w->stride_w + w->filter_w) * nw_dsp_pixel_lanes(w) + 4 + 3) / 4 * 4;
}

/* Columns of three windows, and as many rows of the image as a filter has. */
static inline nw_i64 nw_dsp_conv2d_scratch(const nw_window *w) {
  nw_i64 const columns = (nw_i64)NW_COLUMNS * 4 * nw_dsp_window_words(w);
  return NW_DSP_PIXEL_BY_PIXEL(*w) ? columns : columns + (nw_i64)2 * w->filter_h * nw_dsp_image_lanes(w);
}

#endif
