#include "helium/helium_conv2d.h"

#include "helium/helium_row.h"
#include "helium/helium_taps.h"

/* Copies what the filters are multiplied with at the pixel whose window begins at row y0 and column x0. */
static NW_NOINLINE void nw_gather_window(const nw_helium_window_params *p, const nw_i8 *input, nw_i32 y0, nw_i32 x0,
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

void nw_helium_conv2d_i8(const nw_helium_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                         const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const length = w->filter_w * w->input_c, step = w->input_w * w->input_c;
  nw_i32 const vectors = NW_WHOLE_VECTORS(w->filter_h * length) / 16;
  /* Of windows: the last place that leaves 15 bytes behind. */
  nw_i32 const last = w->input_h * step - (w->filter_h - 1) * step - length - 15;
  nw_i8 *const column = (nw_i8 *)scratch;
  for (nw_i32 i = 0; i < w->output_h; ++i) {
    nw_i32 const y = nw_in_order(w, i, w->output_h), y0 = y * w->stride_h - w->pad_top;
    nw_i32 const most = y0 >= 0 && y0 + w->filter_h <= w->input_h ? w->input_w - w->filter_w : -1;
    for (nw_i32 j = 0; j < w->output_w; ++j) {
      nw_i32 const x = nw_in_order(w, j, w->output_w), x0 = x * w->stride_w - w->pad_left;
      nw_i32 const at = (y0 * w->input_w + x0) * w->input_c;
      if (x0 >= 0 && x0 <= most && at <= last)
        nw_copy_window(input + at, w->filter_h, length, step, column);
      else
        nw_gather_window(p, input, y0, x0, column);
      nw_row_results(column, vectors, weights, channels, w->output_c, p->min, p->max,
                     output + (y * w->output_w + x) * w->output_c);
    }
  }
}
