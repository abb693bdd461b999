/* Sums of products of a row with the filters of four channels, over the words of dsp_spread.h, the second behind the
 * first. Weights as dsp_six_sums.h has them for two channels, of the first two and then of the other two. */
#ifndef NARROW_DSP_FOUR_SUMS_H
#define NARROW_DSP_FOUR_SUMS_H

#include "dsp/dsp_spread.h"

enum { NW_ROW_SECOND = 1, NW_ROW_STEP = 2 };

typedef struct {
  nw_i32 a, b, c, d;
} nw_four_channels;

/* Four elements; x and weights are moved on. */
static NW_INLINE void nw_plain_by_four(const nw_u32 **x, const nw_u32 **weights, nw_four_channels *s) {
  nw_u32 p, q, v, w;
  *x = nw_two_words(*x, &p, &q);
  *weights = nw_two_words(*weights, &v, &w);
  s->a = nw_mac_both(nw_even_bytes(w), q, nw_mac_both(nw_even_bytes(v), p, s->a));
  s->b = nw_mac_both(nw_odd_bytes(w), q, nw_mac_both(nw_odd_bytes(v), p, s->b));
  *weights = nw_two_words(*weights, &v, &w);
  s->c = nw_mac_both(nw_even_bytes(w), q, nw_mac_both(nw_even_bytes(v), p, s->c));
  s->d = nw_mac_both(nw_odd_bytes(w), q, nw_mac_both(nw_odd_bytes(v), p, s->d));
}

static NW_INLINE void nw_folded_by_four(const nw_u32 **x, const nw_u32 **weights, nw_four_channels *s) {
  nw_u32 p, q, v, w;
  *x = nw_two_words(*x, &p, &q);
  *weights = nw_two_words(*weights, &v, &w);
  s->a = nw_mac_both(nw_even_bytes(v), q, nw_mac_both(v, p, s->a));
  s->b = nw_mac_both(nw_even_bytes(w), q, nw_mac_both(w, p, s->b));
  *weights = nw_two_words(*weights, &v, &w);
  s->c = nw_mac_both(nw_even_bytes(v), q, nw_mac_both(v, p, s->c));
  s->d = nw_mac_both(nw_even_bytes(w), q, nw_mac_both(w, p, s->d));
}

static NW_INLINE nw_i32 nw_nibbles_of_row(nw_u32 p, nw_u32 q, nw_u32 lanes, nw_i32 sum) {
  return nw_mac_both(lanes & 0x000F000Fu, q, nw_mac_both(lanes, p, sum));
}

static NW_INLINE void nw_nibbles_by_four(const nw_u32 **x, const nw_u32 **weights, nw_four_channels *s) {
  nw_u32 p, q, v, w;
  *x = nw_two_words(*x, &p, &q);
  *weights = nw_two_words(*weights, &v, &w);
  s->a = nw_nibbles_of_row(p, q, nw_even_bytes(v), s->a);
  s->b = nw_nibbles_of_row(p, q, nw_odd_bytes(v), s->b);
  s->c = nw_nibbles_of_row(p, q, nw_even_bytes(w), s->c);
  s->d = nw_nibbles_of_row(p, q, nw_odd_bytes(w), s->d);
}

#endif
