#include "blocked/blocked_conv2d.h"

#include "blocked/blocked_copy.h"
#include "blocked/blocked_rows.h"

/* Copies the window of an output pixel, whose first tap is at (y0, x0) of the image. */
static NW_NOINLINE void nw_column(const nw_packed_window_params *p, const nw_i8 *input, nw_i32 y0, nw_i32 x0,
                                  nw_i8 *to) {
  const nw_window *const w = &p->window;
  nw_i32 const c = w->input_c, zero = p->input_zero_point, row = w->filter_w * c, line = w->input_w * c;
  /* Of a row of taps: elements before the image, inside, and behind it. */
  nw_i32 const first = x0 < 0 ? (-x0 < w->filter_w ? -x0 : w->filter_w) : 0;
  nw_i32 const past = x0 + w->filter_w - w->input_w;
  nw_i32 const last = past > 0 ? (past < w->filter_w - first ? past : w->filter_w - first) : 0;
  nw_i32 const before = first * c, behind = last * c, inside = row - before - behind;
  nw_i32 at = y0 * line + (x0 + first) * c;
  for (nw_i32 y = y0; y < y0 + w->filter_h; ++y, at += line) {
    if (y < 0 || y >= w->input_h) {
      to = nw_repeat_byte(to, zero, row);
      continue;
    }
    to = nw_repeat_byte(to, zero, before);
    to = nw_copy_bytes(to, input + at, inside);
    to = nw_repeat_byte(to, zero, behind);
  }
}

void nw_blocked_dense_i8(const nw_blocked_dense_params *p, const nw_i8 *input, const nw_i8 *weights,
                         const nw_i32 *channels, nw_i8 *output) {
  nw_i32 const in = p->input_c, out = p->output_c, rows = p->rows, step = p->backwards ? -1 : 1;
  nw_i32 at = p->backwards ? rows - 1 : 0;
  for (nw_i32 left = rows; left > 0; left -= 2, at += 2 * step) {
    const nw_i8 *const from = input + at * in;
    nw_i8 *const to = output + at * out;
    if (left > 1)
      nw_two_rows(from, from + step * in, in, weights, channels, out, to, to + step * out);
    else
      nw_one_row(from, in, weights, channels, out, to);
  }
  nw_limit_bytes(output, rows * out, 1, p->min, p->max);
}

void nw_blocked_conv2d_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                          const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const elements = w->filter_h * w->filter_w * w->input_c, depth = w->output_c;
  nw_i32 const pixels = w->output_h * w->output_w;
  nw_i8 *const columns = (nw_i8 *)scratch;
  nw_i8 *first = output;
  for (nw_i32 i = 0; i < pixels; ++i) {
    nw_i32 const at = nw_in_order(w, i, pixels), y = at / w->output_w, x = at - y * w->output_w, odd = i & 1;
    nw_i8 *const to = output + at * depth;
    nw_column(p, input, y * w->stride_h - w->pad_top, x * w->stride_w - w->pad_left, columns + odd * elements);
    if (odd)
      nw_two_rows(columns, columns + elements, elements, weights, channels, depth, first, to);
    else if (i == pixels - 1)
      nw_one_row(columns, elements, weights, channels, depth, to);
    first = to;
  }
  nw_limit_bytes(output, pixels * depth, 1, p->min, p->max);
}
