#include "blocked/blocked_depthwise.h"

#include "blocked/blocked_channel.h"
#include "blocked/blocked_copy.h"

/* What all channels share. */
typedef struct {
  nw_i32 columns; /* of the plane */
  nw_i32 filter_h, filter_w, stride_h, stride_w;
  nw_i32 output_h, output_w;
  nw_i32 row, pixel; /* from a row of results to the next, from a pixel to the next */
} nw_geometry;

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

static NW_INLINE void nw_three_by_three(const nw_geometry *g, const nw_i8 *from, const nw_i8 *taps, nw_i32 step,
                                        nw_three_sums *s) {
  nw_i32 const columns = g->columns;
  nw_three_taps(from, taps, step, s);
  from += columns;
  nw_three_taps(from, taps + 3, step, s);
  from += columns;
  nw_three_taps(from, taps + 6, step, s);
}

static NW_INLINE void nw_any_taps(const nw_geometry *g, const nw_i8 *from, const nw_i8 *taps, nw_i32 step,
                                  nw_three_sums *s) {
  for (nw_i32 row = 0; row < g->filter_h; ++row, from += g->columns)
    for (const nw_i8 *x = from; x != from + g->filter_w; ++x) {
      nw_i32 const t = *taps++;
      nw_add_product(&s->a, x[0], t);
      nw_add_product(&s->b, x[step], t);
      nw_add_product(&s->c, x[2 * step], t);
    }
}

/* The results of a channel, whose plane is given. Each kind of filter has a function of its own, so that it has the
 * registers to itself. */
#define NW_CHANNEL_OF(name, add_products, stride)                                                                      \
  static NW_NOINLINE void name(const nw_geometry *given, const nw_i8 *plane, const nw_i8 *taps, const nw_i32 *numbers, \
                               nw_i8 *first) {                                                                         \
    nw_geometry const g = *given;                                                                                      \
    nw_i32 const pixel = g.pixel, step = stride;                                                                       \
    for (nw_i32 y = g.output_h; y > 0; --y, plane += g.stride_h * g.columns, first += g.row) {                         \
      const nw_i8 *from = plane;                                                                                       \
      nw_i8 *to = first;                                                                                               \
      for (nw_i32 left = g.output_w;; from += 3 * step) {                                                              \
        nw_three_sums s;                                                                                               \
        s.a = s.b = s.c = numbers[NW_CHANNEL_BEGIN];                                                                   \
        add_products(&g, from, taps, step, &s);                                                                        \
        nw_i32 const m = numbers[NW_CHANNEL_MULTIPLIER], k = numbers[NW_CHANNEL_ADDEND],                               \
                     n = numbers[NW_CHANNEL_SHIFT];                                                                    \
        s.a = nw_channel_result(nw_doubled(s.a), m, k, n);                                                             \
        s.b = nw_channel_result(nw_doubled(s.b), m, k, n);                                                             \
        s.c = nw_channel_result(nw_doubled(s.c), m, k, n);                                                             \
        *to = (nw_i8)s.a;                                                                                              \
        to += pixel;                                                                                                   \
        if (--left == 0) break;                                                                                        \
        *to = (nw_i8)s.b;                                                                                              \
        to += pixel;                                                                                                   \
        if (--left == 0) break;                                                                                        \
        *to = (nw_i8)s.c;                                                                                              \
        to += pixel;                                                                                                   \
        if (--left == 0) break;                                                                                        \
      }                                                                                                                \
    }                                                                                                                  \
  }
NW_CHANNEL_OF(nw_channel_by_one, nw_three_by_three, 1)
NW_CHANNEL_OF(nw_channel_by_two, nw_three_by_three, 2)
NW_CHANNEL_OF(nw_channel_of_any, nw_any_taps, g.stride_w)

/* Copies a channel into the plane, whose padding stays: rows are `row` elements apart, pixels `pixel`. */
static NW_NOINLINE void nw_gather(const nw_window *w, const nw_i8 *input, nw_i32 row, nw_i32 pixel, nw_i8 *plane,
                                  nw_i32 columns) {
  nw_i32 const rows = NW_BLOCKED_DEPTHWISE_ROWS(*w) - w->pad_top, all = columns - w->pad_left;
  nw_i32 const height = w->input_h < rows ? w->input_h : rows, width = w->input_w < all ? w->input_w : all;
  plane += w->pad_top * columns + w->pad_left;
  for (nw_i32 y = 0; y < height; ++y, plane += columns, input += row) {
    const nw_i8 *from = input;
    nw_i8 *to = plane;
    nw_i32 left = width;
    for (; left >= 4; left -= 4, from += 4 * pixel, to += 4) {
      to[0] = from[0];
      to[1] = from[pixel];
      to[2] = from[2 * pixel];
      to[3] = from[3 * pixel];
    }
    for (; left > 0; --left, from += pixel) *to++ = *from;
  }
}

void nw_blocked_depthwise_i8(const nw_blocked_depthwise_params *p, const nw_i8 *input, const nw_i8 *weights,
                             const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const depth = w->output_c, filter = w->filter_h * w->filter_w;
  nw_i32 const stride = w->filter_h == 3 && w->filter_w == 3 ? w->stride_w : 0; /* of 3x3 */
  nw_i32 const row = p->transposed ? depth : w->input_w * depth, pixel = p->transposed ? w->input_h * depth : depth;
  nw_i8 *const plane = (nw_i8 *)scratch;
  nw_geometry g;
  g.columns = NW_BLOCKED_DEPTHWISE_COLUMNS(*w);
  g.filter_h = w->filter_h;
  g.filter_w = w->filter_w;
  g.stride_h = w->stride_h;
  g.stride_w = w->stride_w;
  g.output_h = w->output_h;
  g.output_w = w->output_w;
  g.row = p->transposed ? depth : w->output_w * depth;
  g.pixel = p->transposed ? w->output_h * depth : depth;
  nw_repeat_byte(plane, p->input_zero_point, NW_BLOCKED_DEPTHWISE_SCRATCH(*w));
  for (nw_i32 c = 0; c < depth; ++c, weights += filter, channels += NW_CHANNEL_WORDS) {
    nw_gather(w, input + c, row, pixel, plane, g.columns);
    if (stride == 1)
      nw_channel_by_one(&g, plane, weights, channels, output + c);
    else if (stride == 2)
      nw_channel_by_two(&g, plane, weights, channels, output + c);
    else
      nw_channel_of_any(&g, plane, weights, channels, output + c);
  }
  nw_limit_bytes(output, w->output_h * w->output_w * depth, 1, p->min, p->max);
}
