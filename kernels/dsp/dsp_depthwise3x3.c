#include "dsp/dsp_depthwise3x3.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"

/* The filter of a channel, and what becomes of its sums. */
typedef struct {
  nw_u32 side[3], middle[3]; /* of each row: taps 0 and 2, tap 1 */
  nw_i32 begin, multiplier, addend, shift;
} nw_filter3x3;

/* Adds the products of a row of the filter for two pixels whose windows are one column apart. */
static NW_INLINE void nw_add_row(nw_u32 even, nw_u32 odd, nw_u32 side, nw_u32 middle, nw_i32 *first, nw_i32 *second) {
  *first = nw_mac_low(odd, middle, nw_mac_both(even, side, *first));
  *second = nw_mac_cross(even, middle, nw_mac_both(odd, side, *second));
}

/* Two pixels whose windows have a row `offset` behind `from` and one column behind that: 7 instructions for the 6
 * products of a row. */
static NW_INLINE void nw_row_by_one(const nw_i8 *from, nw_i32 offset, nw_u32 side, nw_u32 middle, nw_i32 *first,
                                    nw_i32 *second) {
  nw_u32 const bytes = nw_four_bytes_behind(from, offset);
  nw_add_row(nw_even_bytes(bytes), nw_odd_bytes(bytes), side, middle, first, second);
}

/* The same with windows two columns apart. */
static NW_INLINE void nw_row_by_two(const nw_i8 *from, nw_i32 offset, nw_u32 side, nw_u32 middle, nw_i32 *first,
                                    nw_i32 *second) {
  nw_u32 const bytes = nw_four_bytes_behind(from, offset), even = nw_even_bytes(bytes), odd = nw_odd_bytes(bytes);
  *first = nw_mac_low(odd, middle, nw_mac_both(even, side, *first));
  *second = nw_mac_cross(odd, middle, nw_mac_cross(even, side, *second));
  *second = nw_mac_under((nw_u32)from[offset + 4], side, *second);
}

#define NW_ROW nw_row_by_one
#define NW_PIXEL_ROW nw_pixel_row_by_one
#define NW_STEP 2
#include "dsp/dsp_depthwise3x3_body.h"

#define NW_ROW nw_row_by_two
#define NW_PIXEL_ROW nw_pixel_row_by_two
#define NW_STEP 4
#include "dsp/dsp_depthwise3x3_body.h"

/* Two rows of results at once, `below` elements apart, with strides of one: four rows of the plane serve both. */
static NW_NOINLINE void nw_two_rows_by_one(const nw_i8 *from, nw_i32 columns, const nw_filter3x3 *filter, nw_i32 count,
                                           nw_i8 *to, nw_i32 depth, nw_i32 below) {
  nw_filter3x3 const f = *filter;
  for (; count > 0; count -= 2, from += 2) {
    const nw_i8 *const second = from + columns;
    nw_i32 a = f.begin, b = f.begin, c = f.begin, d = f.begin;
    nw_u32 bytes = nw_four_bytes(from);
    nw_add_row(nw_even_bytes(bytes), nw_odd_bytes(bytes), f.side[0], f.middle[0], &a, &b);
    bytes = nw_four_bytes(second);
    nw_u32 even = nw_even_bytes(bytes), odd = nw_odd_bytes(bytes);
    nw_add_row(even, odd, f.side[1], f.middle[1], &a, &b);
    nw_add_row(even, odd, f.side[0], f.middle[0], &c, &d);
    bytes = nw_four_bytes_behind(from, 2 * columns);
    even = nw_even_bytes(bytes);
    odd = nw_odd_bytes(bytes);
    nw_add_row(even, odd, f.side[2], f.middle[2], &a, &b);
    nw_add_row(even, odd, f.side[1], f.middle[1], &c, &d);
    bytes = nw_four_bytes_behind(second, 2 * columns);
    nw_add_row(nw_even_bytes(bytes), nw_odd_bytes(bytes), f.side[2], f.middle[2], &c, &d);
    nw_i32 const m = f.multiplier, k = f.addend, n = f.shift;
    to[0] = (nw_i8)nw_channel_result(a, m, k, n);
    to[below] = (nw_i8)nw_channel_result(c, m, k, n);
    if (count == 1) return;
    to += depth;
    to[0] = (nw_i8)nw_channel_result(b, m, k, n);
    to[below] = (nw_i8)nw_channel_result(d, m, k, n);
    to += depth;
  }
}

/* Copies a channel into the plane, whose padding stays. */
static NW_NOINLINE void nw_gather(const nw_window *w, const nw_i8 *input, nw_i8 *plane, nw_i32 columns) {
  nw_i32 const c = w->input_c;
  nw_i32 const rows = NW_DSP_DEPTHWISE3X3_ROWS(*w) - w->pad_top, all = columns - w->pad_left;
  nw_i32 const height = w->input_h < rows ? w->input_h : rows, width = w->input_w < all ? w->input_w : all;
  plane += w->pad_top * columns + w->pad_left;
  for (nw_i32 y = 0; y < height; ++y, plane += columns, input += w->input_w * c) {
    const nw_i8 *from = input;
    nw_i8 *to = plane;
    nw_i32 left = width;
    for (; left >= 4; left -= 4, from += 4 * c, to += 4) {
      to[0] = from[0];
      to[1] = from[c];
      to[2] = from[2 * c];
      to[3] = from[3 * c];
    }
    for (; left > 0; --left, from += c) *to++ = *from;
  }
}

void nw_dsp_depthwise3x3_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const columns = NW_DSP_DEPTHWISE3X3_COLUMNS(*w), depth = w->output_c;
  nw_i8 *const plane = (nw_i8 *)scratch;
  nw_repeat_byte(plane, p->input_zero_point, NW_DSP_DEPTHWISE3X3_SCRATCH(*w));
  for (nw_i32 c = 0; c < depth; ++c, weights += 6, channels += NW_CHANNEL_WORDS, ++input, ++output) {
    nw_filter3x3 f;
    nw_i8 *to = output;
    const nw_i8 *from = plane;
    for (nw_i32 r = 0; r < 3; ++r) {
      f.side[r] = (nw_u32)weights[2 * r];
      f.middle[r] = (nw_u32)weights[2 * r + 1];
    }
    f.begin = channels[NW_CHANNEL_BEGIN];
    f.multiplier = channels[NW_CHANNEL_MULTIPLIER];
    f.addend = channels[NW_CHANNEL_ADDEND];
    f.shift = channels[NW_CHANNEL_SHIFT];
    nw_gather(w, input, plane, columns);
    nw_i32 const row = w->output_w * depth;
    nw_i32 y = 0;
    for (; w->stride_w == 1 && y + 1 < w->output_h; y += 2, from += 2 * columns, to += 2 * row)
      nw_two_rows_by_one(from, columns, &f, w->output_w, to, depth, row);
    for (; y < w->output_h; ++y, from += w->stride_h * columns, to += row) {
      if (w->stride_w == 1)
        nw_pixel_row_by_one(from, columns, &f, w->output_w, to, depth);
      else
        nw_pixel_row_by_two(from, columns, &f, w->output_w, to, depth);
    }
    nw_limit_bytes(output, w->output_h * w->output_w, depth, p->min, p->max);
  }
}
