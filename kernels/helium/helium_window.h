/* What lies in the windows of an image, as columns of bytes: tap by tap all channels. */
#ifndef NARROW_HELIUM_WINDOW_H
#define NARROW_HELIUM_WINDOW_H

#include "helium/helium_conv2d.h"
#include "helium/helium_copy.h"
#include "helium/helium_taps.h"

/* Copies what the filters are multiplied with at the pixel whose window begins at row y0 and column x0. */
static NW_NOINLINE void nw_gather_window(const nw_packed_window_params *p, const nw_i8 *input, nw_i32 y0, nw_i32 x0,
                                         nw_i8 *to) {
  const nw_window *const w = &p->window;
  nw_i32 const c = w->input_c;
  nw_bytes const zero = nw_same_bytes(p->input_zero_point);
  for (nw_i32 i = 0; i < w->filter_h; ++i) {
    nw_tap_row const row = nw_taps_of_row(w, input, y0 + i, x0);
    to = nw_fill_vectors(to, zero, row.begin * c);
    to = nw_copy_to_vectors(to, row.from, (row.end - row.begin) * c);
    to = nw_fill_vectors(to, zero, (w->filter_w - row.end) * c);
  }
}

/* The same for a window inside of the image, behind which 15 more bytes may be read: `rows` times `length` bytes. */
static NW_INLINE void nw_copy_window(const nw_i8 *from, nw_i32 rows, nw_i32 length, nw_i32 step, nw_i8 *to) {
  for (; rows > 0; --rows, from += step, to += length) {
    const nw_i8 *x = from;
    nw_i8 *y = to;
    for (nw_i32 n = (length + 15) / 16; n > 0; --n, y += 16) nw_put_bytes(y, nw_next_bytes(&x));
  }
}

/* Windows of a row of output pixels that begin at row y0 of the image. */
typedef struct {
  nw_i32 y0, most; /* the last column where a window lies inside of the image; -1: none does */
  nw_i32 last;     /* the last place of windows that leaves 15 bytes behind them */
} nw_window_row;

static NW_INLINE nw_window_row nw_windows_of_row(const nw_window *w, nw_i32 y0) {
  nw_i32 const step = w->input_w * w->input_c;
  nw_window_row row;
  row.y0 = y0;
  row.most = y0 >= 0 && y0 + w->filter_h <= w->input_h ? w->input_w - w->filter_w : -1;
  row.last = (w->input_h - w->filter_h + 1) * step - w->filter_w * w->input_c - 15;
  return row;
}

/* Copies the window that begins at column x0 to `column`, and up to 15 bytes behind it. */
static NW_INLINE void nw_put_window(const nw_packed_window_params *p, const nw_i8 *input, const nw_window_row *row,
                                    nw_i32 x0, nw_i8 *column) {
  const nw_window *const w = &p->window;
  nw_i32 const at = (row->y0 * w->input_w + x0) * w->input_c;
  if (x0 >= 0 && x0 <= row->most && at <= row->last)
    nw_copy_window(input + at, w->filter_h, w->filter_w * w->input_c, w->input_w * w->input_c, column);
  else
    nw_gather_window(p, input, row->y0, x0, column);
}

#endif
