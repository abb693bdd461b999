#include "dsp/dsp_conv2d.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"

/* Columns of NW_COLUMNS pixels, their words taking turns, and the rows of the image from which they are copied: the row
 * that is `r` rows behind the first one with padding is row r % filter_h of `rows`. */
typedef struct {
  const nw_packed_window_params *p;
  const nw_i8 *input;
  nw_u32 *words;
  const nw_u32 *end;
  nw_i8 *rows;
  nw_i32 row_bytes; /* of each of `rows` */
  nw_i32 first;     /* of the rows that are there */
  nw_i32 slot;      /* of `first` */
  nw_i32 folded;    /* words, or else plain ones */
} nw_columns;

static nw_columns nw_columns_of(const nw_packed_window_params *p, const nw_i8 *input, nw_i32 folded, void *scratch) {
  const nw_window *const w = &p->window;
  nw_columns c;
  c.p = p;
  c.input = input;
  c.words = (nw_u32 *)scratch;
  nw_u32 *const end = c.words + NW_COLUMNS * nw_dsp_window_words(w);
  c.end = end;
  c.rows = (nw_i8 *)end;
  c.row_bytes = 2 * nw_dsp_image_lanes(w);
  c.first = -w->filter_h; /* none are there */
  c.slot = 0;
  c.folded = folded;
  for (nw_u32 *z = c.words + NW_COLUMNS * w->filter_h * nw_dsp_row_words(w); z < end; ++z) *z = 0;
  return c;
}

static NW_NOINLINE nw_u32 *nw_spread_pixels(nw_u32 *to, const nw_i8 *from, nw_i32 count, nw_i32 folded) {
  return nw_spread(to, from, count, folded);
}

/* Writes row `y` of the image in lanes, with padding before and behind it. */
static NW_NOINLINE void nw_image_row(const nw_columns *columns, nw_i32 y, nw_i8 *to) {
  const nw_window *const w = &columns->p->window;
  nw_i32 const c = w->input_c, zero = columns->p->input_zero_point, fours = nw_dsp_pixel_lanes(w) / 4;
  nw_i32 const all = (w->output_w - 1) * w->stride_w + w->filter_w, most = all - w->pad_left;
  nw_i32 const is_padding = y < 0 || y >= w->input_h;
  nw_i32 const inside = is_padding ? 0 : w->input_w < most ? w->input_w : most;
  nw_i32 const before = is_padding ? all : w->pad_left, behind = all - before - inside;
  const nw_i8 *from = columns->input + y * w->input_w * c;
  if (!NW_DSP_SORTED(*w)) {
    to = nw_repeat_lane(to, zero, before * c);
    to = nw_spread_in_order(to, from, inside * c);
    nw_repeat_lane(to, zero, behind * c);
    return;
  }
  nw_u32 second, first = nw_words_of(nw_same_four(zero), &second, columns->folded);
  nw_u32 *at = nw_repeat_words((nw_u32 *)to, first, second, before * fours);
  if (c % 4 == 0)
    at = nw_spread_pixels(at, from, inside * c, columns->folded);
  else
    for (nw_i32 x = 0; x < inside; ++x, from += c) at = nw_spread_pixels(at, from, c, columns->folded);
  nw_repeat_words(at, first, second, behind * fours);
}

/* Makes the rows of the image be there that windows of row `y` of the output need. */
static NW_NOINLINE void nw_rows_for(nw_columns *columns, nw_i32 y) {
  const nw_window *const w = &columns->p->window;
  nw_i32 const h = w->filter_h, first = y * w->stride_h, before = columns->first;
  nw_i32 slot = first % h;
  columns->first = first;
  columns->slot = slot;
  for (nw_i32 r = first; r < first + h; ++r) {
    if (r < before || r >= before + h) nw_image_row(columns, r - w->pad_top, columns->rows + slot * columns->row_bytes);
    if (++slot == h) slot = 0;
  }
}

/* Copies words to every third place. */
static NW_INLINE nw_u32 *nw_copy_words(nw_u32 *to, const nw_i8 *from, nw_i32 count) {
  for (; count > 1; count -= 2, from += 8, to += 2 * NW_COLUMNS) {
    nw_u32 const first = nw_four_bytes(from), second = nw_four_bytes(from + 4);
    to[0] = first;
    to[NW_COLUMNS] = second;
  }
  if (count > 0) {
    *to = nw_four_bytes(from);
    to += NW_COLUMNS;
  }
  return to;
}

/* The same of an even number of words that are aligned. */
static NW_INLINE nw_u32 *nw_copy_aligned_words(nw_u32 *to, const nw_u32 *from, nw_i32 count) {
  const nw_u32 *const end = from + count;
  while (from != end) {
    nw_u32 first, second;
    from = nw_two_words(from, &first, &second);
    to[0] = first;
    to[NW_COLUMNS] = second;
    to += 2 * NW_COLUMNS;
  }
  return to;
}

/* Writes the column of output pixel `at`, which is the k-th of those that are computed together. */
static NW_NOINLINE void nw_column(nw_columns *columns, nw_i32 at, nw_i32 k) {
  const nw_window *const w = &columns->p->window;
  nw_i32 const h = w->filter_h, y = at / w->output_w, words = nw_dsp_row_words(w);
  nw_i32 const lanes = (at - y * w->output_w) * w->stride_w * nw_dsp_pixel_lanes(w);
  nw_u32 *to = columns->words + k;
  if (y * w->stride_h != columns->first) nw_rows_for(columns, y);
  nw_i32 slot = columns->slot;
  for (nw_i32 r = 0; r < h; ++r) {
    const nw_i8 *const from = columns->rows + slot * columns->row_bytes + 2 * lanes;
    to = NW_DSP_SORTED(*w) ? nw_copy_aligned_words(to, (const nw_u32 *)from, words) : nw_copy_words(to, from, words);
    if (++slot == h) slot = 0;
  }
}

/* Three rows of a window each, an even number of words that are aligned. */
static NW_INLINE nw_u32 *nw_weave_aligned_words(nw_u32 *to, const nw_u32 *a, const nw_u32 *b, const nw_u32 *c,
                                                nw_i32 count) {
  const nw_u32 *const end = a + count;
  while (a != end) {
    nw_u32 a0, a1, b0, b1, c0, c1;
    a = nw_two_words(a, &a0, &a1);
    b = nw_two_words(b, &b0, &b1);
    c = nw_two_words(c, &c0, &c1);
    to = nw_put_six_words(to, a0, b0, c0, a1, b1, c1);
  }
  return to;
}

static NW_INLINE nw_u32 *nw_weave_words(nw_u32 *to, const nw_i8 *a, const nw_i8 *b, const nw_i8 *c, nw_i32 count) {
  for (; count > 0; --count, a += 4, b += 4, c += 4)
    to = nw_put_three_words(to, nw_four_bytes(a), nw_four_bytes(b), nw_four_bytes(c));
  return to;
}

static NW_INLINE nw_u32 *nw_weave_four(nw_u32 *to, nw_u32 a, nw_u32 b, nw_u32 c, nw_i32 folded) {
  nw_u32 a1, b1, c1;
  nw_u32 const a0 = nw_words_of(a, &a1, folded), b0 = nw_words_of(b, &b1, folded), c0 = nw_words_of(c, &c1, folded);
  return nw_put_six_words(to, a0, b0, c0, a1, b1, c1);
}

/* The columns of three pixels of the input with `count` channels, `second` and `third` bytes behind the first one. */
static NW_INLINE void nw_weave_pixels(nw_u32 *to, const nw_i8 *a, nw_i32 second, nw_i32 third, nw_i32 count,
                                      nw_i32 folded) {
  const nw_i8 *b = a + second, *c = a + third;
  for (; count >= 4; count -= 4, a += 4, b += 4, c += 4)
    to = nw_weave_four(to, nw_four_bytes(a), nw_four_bytes(b), nw_four_bytes(c), folded);
  if (count > 0) nw_weave_four(to, nw_few_bytes(a, count), nw_few_bytes(b, count), nw_few_bytes(c, count), folded);
}

static NW_NOINLINE void nw_weave_folded(nw_u32 *to, const nw_i8 *at, nw_i32 second, nw_i32 third, nw_i32 count) {
  nw_weave_pixels(to, at, second, third, count, 1);
}

static NW_NOINLINE void nw_weave_plain(nw_u32 *to, const nw_i8 *at, nw_i32 second, nw_i32 third, nw_i32 count) {
  nw_weave_pixels(to, at, second, third, count, 0);
}

/* Writes the columns of three output pixels, `second` and `third` pixels behind `at`. */
static NW_NOINLINE void nw_three_columns(nw_columns *columns, nw_i32 at, nw_i32 second, nw_i32 third) {
  const nw_window *const w = &columns->p->window;
  nw_i32 const h = w->filter_h, y = at / w->output_w, x = at - y * w->output_w, last = x + third;
  if (last < 0 || last >= w->output_w) {
    nw_column(columns, at, 0);
    nw_column(columns, at + second, 1);
    nw_column(columns, at + third, 2);
    return;
  }
  if (y * w->stride_h != columns->first) nw_rows_for(columns, y);
  nw_i32 const bytes = 2 * w->stride_w * nw_dsp_pixel_lanes(w), words = nw_dsp_row_words(w);
  nw_u32 *to = columns->words;
  nw_i32 slot = columns->slot;
  for (nw_i32 r = 0; r < h; ++r) {
    const nw_i8 *const a = columns->rows + slot * columns->row_bytes + x * bytes;
    const nw_i8 *const b = a + second * bytes, *const c = a + third * bytes;
    to = NW_DSP_SORTED(*w) ? nw_weave_aligned_words(to, (const nw_u32 *)a, (const nw_u32 *)b, (const nw_u32 *)c, words)
                           : nw_weave_words(to, a, b, c, words);
    if (++slot == h) slot = 0;
  }
}

/* Sums of two channels at three pixels each. */
typedef struct {
  nw_i32 a[NW_COLUMNS], b[NW_COLUMNS];
} nw_two_by_three;

/* Channels of a pixel, and bytes from the first of three pixels to the others. */
typedef struct {
  nw_i32 depth, second, third;
} nw_places;

/* Adds the products of two elements of a filter with those of three pixels. */
static NW_INLINE void nw_add_products(nw_u32 x0, nw_u32 x1, nw_u32 x2, nw_u32 weights, nw_i32 *sums) {
  sums[0] = nw_mac_both(weights, x0, sums[0]);
  sums[1] = nw_mac_both(weights, x1, sums[1]);
  sums[2] = nw_mac_both(weights, x2, sums[2]);
}

#define NW_FOUR nw_four_elements
#define NW_PIXELS nw_three_pixels
#define NW_CONV2D nw_dsp_conv2d_i8
#define NW_WEAVE nw_weave_folded
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_conv2d_body.h"

#define NW_FOUR nw_four_elements_wide
#define NW_PIXELS nw_three_pixels_wide
#define NW_CONV2D nw_dsp_conv2d_i8_wide
#define NW_WEAVE nw_weave_plain
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_conv2d_body.h"
