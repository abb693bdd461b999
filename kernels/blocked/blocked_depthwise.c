#include "blocked/blocked_depthwise.h"

#include "blocked/blocked_channel.h"
#include "blocked/blocked_copy.h"

/* A channel: its plane, its filter, and where its results go. */
typedef struct {
  nw_i32 columns; /* of the plane */
  nw_i32 filter_h, filter_w, stride_w;
  const nw_i8 *taps;
  const nw_i32 *numbers; /* packed_channel.h */
  nw_i32 depth;          /* from a result to the next */
} nw_plane_filter;

/* Sums of three pixels. */
typedef struct {
  nw_i32 a, b, c;
} nw_three_sums;

/* Adds the products of three pixels with a row of three taps, `step` being the stride. */
static NW_INLINE void nw_three_taps(const nw_i8 *x, const nw_i8 *taps, nw_i32 step, nw_three_sums *s) {
  nw_i32 const l = taps[0], m = taps[1], r = taps[2];
  nw_add_product(&s->a, x[0], l);
  nw_add_product(&s->a, x[1], m);
  nw_add_product(&s->a, x[2], r);
  nw_add_product(&s->b, x[step], l);
  nw_add_product(&s->b, x[step + 1], m);
  nw_add_product(&s->b, x[step + 2], r);
  nw_add_product(&s->c, x[2 * step], l);
  nw_add_product(&s->c, x[2 * step + 1], m);
  nw_add_product(&s->c, x[2 * step + 2], r);
}

static NW_INLINE void nw_three_by_three(const nw_plane_filter *f, const nw_i8 *from, nw_i32 step, nw_three_sums *s) {
  nw_three_taps(from, f->taps, step, s);
  nw_three_taps(from + f->columns, f->taps + 3, step, s);
  nw_three_taps(from + 2 * f->columns, f->taps + 6, step, s);
}

static NW_INLINE void nw_any_taps(const nw_plane_filter *f, const nw_i8 *from, nw_three_sums *s) {
  const nw_i8 *tap = f->taps;
  nw_i32 const step = f->stride_w;
  for (nw_i32 row = 0; row < f->filter_h; ++row, from += f->columns)
    for (const nw_i8 *x = from; x != from + f->filter_w; ++x) {
      nw_i32 const t = *tap++;
      nw_add_product(&s->a, x[0], t);
      nw_add_product(&s->b, x[step], t);
      nw_add_product(&s->c, x[2 * step], t);
    }
}

/* A row of results. Each kind of filter has a function of its own, so that it has the registers to itself. */
#define NW_ROW_OF_RESULTS(name, add_products, step)                                                        \
  static NW_NOINLINE void name(const nw_plane_filter *f, const nw_i8 *from, nw_i32 count, nw_i8 *to) {     \
    const nw_i32 *const numbers = f->numbers;                                                              \
    nw_i32 const begin = numbers[NW_CHANNEL_BEGIN], multiplier = numbers[NW_CHANNEL_MULTIPLIER],           \
                 addend = numbers[NW_CHANNEL_ADDEND], shift = numbers[NW_CHANNEL_SHIFT], depth = f->depth; \
    for (;; count -= 3, from += 3 * (step)) {                                                              \
      nw_three_sums s;                                                                                     \
      s.a = s.b = s.c = begin;                                                                             \
      add_products;                                                                                        \
      *to = (nw_i8)nw_channel_result(s.a, multiplier, addend, shift);                                      \
      if (count == 1) return;                                                                              \
      to += depth;                                                                                         \
      *to = (nw_i8)nw_channel_result(s.b, multiplier, addend, shift);                                      \
      if (count == 2) return;                                                                              \
      to += depth;                                                                                         \
      *to = (nw_i8)nw_channel_result(s.c, multiplier, addend, shift);                                      \
      if (count == 3) return;                                                                              \
      to += depth;                                                                                         \
    }                                                                                                      \
  }
NW_ROW_OF_RESULTS(nw_row_by_one, nw_three_by_three(f, from, 1, &s), 1)
NW_ROW_OF_RESULTS(nw_row_by_two, nw_three_by_three(f, from, 2, &s), 2)
NW_ROW_OF_RESULTS(nw_row_of_any, nw_any_taps(f, from, &s), f->stride_w)

/* Copies a channel into the plane, whose padding stays. */
static NW_NOINLINE void nw_gather(const nw_window *w, const nw_i8 *input, nw_i8 *plane, nw_i32 columns) {
  nw_i32 const c = w->input_c;
  nw_i32 const rows = NW_BLOCKED_DEPTHWISE_ROWS(*w) - w->pad_top, all = columns - w->pad_left;
  nw_i32 const height = w->input_h < rows ? w->input_h : rows, width = w->input_w < all ? w->input_w : all;
  plane += w->pad_top * columns + w->pad_left;
  for (nw_i32 y = 0; y < height; ++y, plane += columns, input += w->input_w * c) {
    const nw_i8 *from = input;
    nw_i8 *to = plane;
    for (nw_i32 left = width; left > 0; --left, from += c) *to++ = *from;
  }
}

void nw_blocked_depthwise_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                             const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const columns = NW_BLOCKED_DEPTHWISE_COLUMNS(*w), depth = w->output_c, row = w->output_w * depth;
  nw_i32 const by_three = w->filter_h == 3 && w->filter_w == 3;
  nw_i8 *const plane = (nw_i8 *)scratch;
  nw_plane_filter f;
  f.columns = columns;
  f.filter_h = w->filter_h;
  f.filter_w = w->filter_w;
  f.stride_w = w->stride_w;
  f.depth = depth;
  f.taps = weights;
  f.numbers = channels;
  nw_repeat_byte(plane, p->input_zero_point, NW_BLOCKED_DEPTHWISE_SCRATCH(*w));
  for (nw_i32 c = 0; c < depth; ++c, f.taps += w->filter_h * w->filter_w, f.numbers += NW_CHANNEL_WORDS) {
    const nw_i8 *from = plane;
    nw_i8 *to = output + c;
    nw_gather(w, input + c, plane, columns);
    for (nw_i32 y = 0; y < w->output_h; ++y, from += w->stride_h * columns, to += row) {
      if (by_three && w->stride_w == 1)
        nw_row_by_one(&f, from, w->output_w, to);
      else if (by_three && w->stride_w == 2)
        nw_row_by_two(&f, from, w->output_w, to);
      else
        nw_row_of_any(&f, from, w->output_w, to);
    }
  }
  nw_limit_bytes(output, w->output_h * row, 1, p->min, p->max);
}
