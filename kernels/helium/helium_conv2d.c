#include "helium/helium_conv2d.h"

#include "helium/helium_row.h"
#include "helium/helium_taps.h"

/* Copies what the filters are multiplied with at the pixel whose window begins at row y0 and column x0. */
static NW_NOINLINE void nw_gather_window(const nw_helium_window_params *p, const nw_i8 *input, nw_i32 y0, nw_i32 x0,
                                         nw_i8 *to) {
  const nw_window *const w = &p->window;
  nw_i32 const c = w->input_c, length = w->filter_w * c;
  if (y0 >= 0 && x0 >= 0 && y0 + w->filter_h <= w->input_h && x0 + w->filter_w <= w->input_w) {
    input += (y0 * w->input_w + x0) * c;
    for (nw_i32 i = w->filter_h; i > 0; --i, input += w->input_w * c) to = nw_copy_to_vectors(to, input, length);
    return;
  }
  nw_bytes const zero = nw_same_bytes(p->input_zero_point);
  for (nw_i32 i = 0; i < w->filter_h; ++i) {
    nw_tap_row const row = nw_taps_of_row(w, input, y0 + i, x0);
    to = nw_fill_vectors(to, zero, row.begin * c);
    to = nw_copy_to_vectors(to, row.from, (row.end - row.begin) * c);
    to = nw_fill_vectors(to, zero, (w->filter_w - row.end) * c);
  }
}

void nw_helium_conv2d_i8(const nw_helium_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                         const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const vectors = NW_WHOLE_VECTORS(w->filter_h * w->filter_w * w->input_c) / 16;
  for (nw_i32 i = 0; i < w->output_h; ++i) {
    nw_i32 const y = nw_in_order(w, i, w->output_h);
    for (nw_i32 j = 0; j < w->output_w; ++j) {
      nw_i32 const x = nw_in_order(w, j, w->output_w);
      nw_gather_window(p, input, y * w->stride_h - w->pad_top, x * w->stride_w - w->pad_left, (nw_i8 *)scratch);
      nw_row_results((const nw_i8 *)scratch, vectors, weights, channels, w->output_c, p->min, p->max,
                     output + (y * w->output_w + x) * w->output_c);
    }
  }
}
