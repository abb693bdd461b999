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
  nw_add_products(&s->a, nw_even_bytes(v), p);
  nw_add_products(&s->a, nw_even_bytes(w), q);
  nw_add_products(&s->b, nw_odd_bytes(v), p);
  nw_add_products(&s->b, nw_odd_bytes(w), q);
  *weights = nw_two_words(*weights, &v, &w);
  nw_add_products(&s->c, nw_even_bytes(v), p);
  nw_add_products(&s->c, nw_even_bytes(w), q);
  nw_add_products(&s->d, nw_odd_bytes(v), p);
  nw_add_products(&s->d, nw_odd_bytes(w), q);
}

static NW_INLINE void nw_folded_by_four(const nw_u32 **x, const nw_u32 **weights, nw_four_channels *s) {
  nw_u32 p, q, v, w;
  *x = nw_two_words(*x, &p, &q);
  *weights = nw_two_words(*weights, &v, &w);
  nw_add_products(&s->a, v, p);
  nw_add_products(&s->a, nw_even_bytes(v), q);
  nw_add_products(&s->b, w, p);
  nw_add_products(&s->b, nw_even_bytes(w), q);
  *weights = nw_two_words(*weights, &v, &w);
  nw_add_products(&s->c, v, p);
  nw_add_products(&s->c, nw_even_bytes(v), q);
  nw_add_products(&s->d, w, p);
  nw_add_products(&s->d, nw_even_bytes(w), q);
}

static NW_INLINE void nw_add_nibbles(nw_i32 *sum, nw_u32 lanes, nw_u32 p, nw_u32 q) {
  nw_add_products(sum, lanes, p);
  nw_add_products(sum, lanes & 0x000F000Fu, q);
}

static NW_INLINE void nw_nibbles_by_four(const nw_u32 **x, const nw_u32 **weights, nw_four_channels *s) {
  nw_u32 p, q, v, w;
  *x = nw_two_words(*x, &p, &q);
  *weights = nw_two_words(*weights, &v, &w);
  nw_add_nibbles(&s->a, nw_even_bytes(v), p, q);
  nw_add_nibbles(&s->b, nw_odd_bytes(v), p, q);
  nw_add_nibbles(&s->c, nw_even_bytes(w), p, q);
  nw_add_nibbles(&s->d, nw_odd_bytes(w), p, q);
}

#endif
