#include "dsp/dsp_conv2d.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"

/* Writes the column of output pixel (out_y, out_x) to every other pair of words before `end`. */
static NW_NOINLINE void nw_column(const nw_packed_window_params *p, const nw_i8 *input, nw_i32 out_y, nw_i32 out_x,
                                  nw_u32 *column, const nw_u32 *end, nw_i8 *bytes) {
  const nw_window *const w = &p->window;
  nw_i32 const c = w->input_c, zero = p->input_zero_point;
  nw_i32 const y0 = out_y * w->stride_h - w->pad_top, x0 = out_x * w->stride_w - w->pad_left;
  /* Of a row of taps: elements before the image, inside, and behind it. */
  nw_i32 const first = x0 < 0 ? (-x0 < w->filter_w ? -x0 : w->filter_w) : 0;
  nw_i32 const past = x0 + w->filter_w - w->input_w;
  nw_i32 const last = past > 0 ? (past < w->filter_w - first ? past : w->filter_w - first) : 0;
  nw_i32 const before = first * c, inside = (w->filter_w - first - last) * c, behind = last * c;
  const nw_i8 *from = input + (y0 * w->input_w + x0 + first) * c;
  if (c % 4 == 0) {
    nw_u32 const zeros = nw_word(zero, zero);
    for (nw_i32 y = y0; y < y0 + w->filter_h; ++y, from += w->input_w * c) {
      if (y < 0 || y >= w->input_h) {
        column = nw_spread_same(column, zeros, w->filter_w * c / 4, 2);
        continue;
      }
      if (before > 0) column = nw_spread_same(column, zeros, before / 4, 2);
      column = nw_spread(column, from, inside / 4, 2);
      if (behind > 0) column = nw_spread_same(column, zeros, behind / 4, 2);
    }
  } else {
    nw_i32 const elements = w->filter_h * w->filter_w * c;
    nw_i8 *to = bytes;
    for (nw_i32 y = y0; y < y0 + w->filter_h; ++y, from += w->input_w * c) {
      if (y < 0 || y >= w->input_h) {
        to = nw_repeat_byte(to, zero, w->filter_w * c);
        continue;
      }
      to = nw_repeat_byte(to, zero, before);
      to = nw_copy_bytes(to, from, inside);
      to = nw_repeat_byte(to, zero, behind);
    }
    nw_repeat_byte(to, 0, (4 - elements % 4) % 4);
    column = nw_spread(column, bytes, (elements + 3) / 4, 2);
  }
  if (column < end) column[0] = column[1] = 0; /* elements come eight at a time */
}

/* Sums of two channels, a and b at one pixel, c and d at another. */
typedef struct {
  nw_i32 a, b, c, d;
} nw_two_by_two;

#define NW_FOUR nw_four_elements
#define NW_PIXELS nw_two_pixels
#define NW_CONV2D nw_dsp_conv2d_i8
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_conv2d_body.h"

#define NW_FOUR nw_four_elements_wide
#define NW_PIXELS nw_two_pixels_wide
#define NW_CONV2D nw_dsp_conv2d_i8_wide
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_conv2d_body.h"
