#include "dsp/dsp_conv2d_w16.h"

#include "dsp/dsp_wide_sums.h"

/* Of each four elements: first words of both pixels, second words of both. */
enum { NW_TWO_SECOND = 2, NW_TWO_STEP = 4 };

#define NW_COLUMN nw_column_w16
#define NW_PIXEL nw_pixel_w16
#define NW_IN nw_i16
#define NW_COPY nw_copy_i16
#define NW_SPREAD nw_spread_halfwords
#define NW_SPREAD_SAME nw_spread_same_halfwords
#define NW_SECOND NW_TWO_SECOND
#define NW_STEP NW_TWO_STEP
#include "dsp/dsp_window_body.h"

/* Sums of two channels, a and b at one pixel, c and d at another. */
typedef struct {
  nw_wide_sum a, b, c, d;
} nw_four_wide_sums;

static NW_INLINE void nw_two_by_two(const nw_u32 **x, const nw_u32 **weights, nw_four_wide_sums *s) {
  nw_u32 v, w, p, q;
  *weights = nw_two_words(*weights, &v, &w);
  *x = nw_two_words(*x, &p, &q);
  nw_add_wide(&s->a, v, p);
  nw_add_wide(&s->b, w, p);
  nw_add_wide(&s->c, v, q);
  nw_add_wide(&s->d, w, q);
}

/* The results of all channels at two pixels. */
static NW_NOINLINE void nw_two_pixels_w16(const nw_u32 *columns, const nw_u32 *end, const nw_u32 *weights,
                                          const nw_i32 *channels, nw_i32 count, nw_i32 positive, nw_i16 *first,
                                          nw_i16 *second) {
  for (; count > 0; count -= 2, channels += 2 * NW_WIDE_WORDS) {
    nw_four_wide_sums s;
    const nw_u32 *x = columns;
    s.a = s.c = nw_wide_begin(channels);
    s.b = s.d = nw_wide_begin(channels + NW_WIDE_WORDS);
    do {
      nw_two_by_two(&x, &weights, &s);
      nw_two_by_two(&x, &weights, &s);
      nw_two_by_two(&x, &weights, &s);
      nw_two_by_two(&x, &weights, &s);
    } while (x != end);
    nw_i32 a = nw_wide_scaled(s.a, channels), c = nw_wide_scaled(s.c, channels);
    nw_i32 b = nw_wide_scaled(s.b, channels + NW_WIDE_WORDS), d = nw_wide_scaled(s.d, channels + NW_WIDE_WORDS);
    if (positive) {
      a = nw_to_positive_halfword(a);
      b = nw_to_positive_halfword(b);
      c = nw_to_positive_halfword(c);
      d = nw_to_positive_halfword(d);
    } else {
      a = nw_to_halfword(a);
      b = nw_to_halfword(b);
      c = nw_to_halfword(c);
      d = nw_to_halfword(d);
    }
    *first++ = (nw_i16)a;
    *second++ = (nw_i16)c;
    if (count == 1) return;
    *first++ = (nw_i16)b;
    *second++ = (nw_i16)d;
  }
}

void nw_dsp_conv2d_w16(const nw_packed_window_params *p, const nw_i16 *input, const nw_i32 *weights,
                       const nw_i32 *channels, nw_i16 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const fours = (w->filter_h * w->filter_w * w->input_c + 7) / 8 * 2, depth = w->output_c;
  nw_i32 const pixels = w->output_h * w->output_w;
  nw_u32 *const columns = (nw_u32 *)scratch, *const end = columns + NW_TWO_STEP * fours;
  /* Pixels whose windows are the pixels of the input need no search for taps. */
  nw_i32 const same = w->filter_h == 1 && w->filter_w == 1 && w->stride_h == 1 && w->stride_w == 1 && w->pad_top == 0 &&
                      w->pad_left == 0 && w->output_w == w->input_w;
  for (nw_i32 i = 0; i < pixels; i += 2) {
    nw_i16 *place[2];
    nw_i32 unused = 0;
    for (nw_i32 k = 0; k < 2; ++k) {
      /* The last pixel of an odd number of them is computed twice. */
      nw_i32 const at = nw_in_order(w, i + k < pixels ? i + k : i, pixels);
      if (same)
        nw_pixel_w16(input + at * w->input_c, w->input_c, columns + k, (nw_i16 *)end, &unused);
      else
        nw_column_w16(p, input, at / w->output_w * w->stride_h - w->pad_top,
                      at % w->output_w * w->stride_w - w->pad_left, columns + k, (nw_i16 *)end, &unused);
      place[k] = output + at * depth;
    }
    nw_two_pixels_w16(columns, end, (const nw_u32 *)weights, channels, depth, p->min >= 0, place[0], place[1]);
    for (nw_i32 k = 0; k < 2; ++k) nw_limit_halfwords(place[k], depth, 1, p->min, p->max);
  }
}
