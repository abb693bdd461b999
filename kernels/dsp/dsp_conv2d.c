#include "dsp/dsp_conv2d.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"
#include "portable/tap_row.h"

/* Writes the column of output pixel (out_y, out_x) to every other pair of words. */
static NW_NOINLINE void nw_column(const nw_dsp_window_params *p, const nw_i8 *input, nw_i32 out_y, nw_i32 out_x,
                                  nw_u32 *column, nw_i8 *bytes) {
  const nw_window *const w = &p->window;
  nw_i32 const y0 = out_y * w->stride_h - w->pad_top, x0 = out_x * w->stride_w - w->pad_left;
  nw_i32 const c = w->input_c;
  if (w->filter_h == 1 && w->filter_w == 1 && w->pad_top == 0 && w->pad_left == 0 && c % 4 == 0) {
    nw_spread(column, input + (y0 * w->input_w + x0) * c, c / 4, 2);
  } else if (c % 4 == 0) {
    nw_u32 const zero = nw_word(p->input_zero_point, p->input_zero_point);
    for (nw_i32 i = 0; i < w->filter_h; ++i) {
      nw_tap_row const row = nw_taps_of_row(w, input, y0 + i, x0);
      column = nw_spread_same(column, zero, row.begin * c / 4, 2);
      column = nw_spread(column, row.from, (row.end - row.begin) * c / 4, 2);
      column = nw_spread_same(column, zero, (w->filter_w - row.end) * c / 4, 2);
    }
  } else {
    nw_i8 *to = bytes;
    for (nw_i32 i = 0; i < w->filter_h; ++i) {
      nw_tap_row const row = nw_taps_of_row(w, input, y0 + i, x0);
      to = nw_repeat_byte(to, p->input_zero_point, row.begin * c);
      to = nw_copy_bytes(to, row.from, (row.end - row.begin) * c);
      to = nw_repeat_byte(to, p->input_zero_point, (w->filter_w - row.end) * c);
    }
    nw_i32 const elements = w->filter_h * w->filter_w * c;
    nw_repeat_byte(to, 0, (4 - elements % 4) % 4);
    nw_spread(column, bytes, (elements + 3) / 4, 2);
  }
}

#define NW_PIXELS nw_two_pixels
#define NW_CONV2D nw_dsp_conv2d_i8
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_conv2d_body.h"

#define NW_PIXELS nw_two_pixels_wide
#define NW_CONV2D nw_dsp_conv2d_i8_wide
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_conv2d_body.h"
