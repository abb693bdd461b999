#include "helium/helium_conv2d.h"

#include "helium/helium_row.h"
#include "helium/helium_window.h"

void nw_helium_conv2d_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                         const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const vectors = NW_WHOLE_VECTORS(w->filter_h * w->filter_w * w->input_c) / 16;
  nw_i8 *const column = (nw_i8 *)scratch;
  for (nw_i32 i = 0; i < w->output_h; ++i) {
    nw_i32 const y = nw_in_order(w, i, w->output_h);
    nw_window_row const row = nw_windows_of_row(w, y * w->stride_h - w->pad_top);
    for (nw_i32 j = 0; j < w->output_w; ++j) {
      nw_i32 const x = nw_in_order(w, j, w->output_w);
      nw_put_window(p, input, &row, x * w->stride_w - w->pad_left, column);
      nw_row_results(column, vectors, weights, channels, w->output_c, p->min, p->max,
                     output + (y * w->output_w + x) * w->output_c);
    }
  }
}
