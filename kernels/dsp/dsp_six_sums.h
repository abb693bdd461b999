/* Sums of products at three pixels for two channels, four elements at a time, over the words of dsp_spread.h: of each
 * four elements the first words of all three pixels, then the second ones. */
#ifndef NARROW_DSP_SIX_SUMS_H
#define NARROW_DSP_SIX_SUMS_H

#include "dsp/dsp_spread.h"

/* Where words of a pixel's column are: second ones behind first ones, and those of the next four elements. */
enum { NW_SIX_SECOND = 3, NW_SIX_STEP = 6 };

/* Of one channel and of the other at the first pixel, and so on. */
typedef struct {
  nw_i32 a, b, c, d, e, f;
} nw_six_sums;

/* Products of first words with v of the one channel and w of the other; the second word of the first pixel. x is moved
 * on. */
static NW_INLINE nw_u32 nw_first_products(const nw_u32 **x, nw_u32 v, nw_u32 w, nw_six_sums *s) {
  nw_u32 p, q;
  *x = nw_two_words(*x, &p, &q);
  nw_add_products(&s->a, v, p);
  nw_add_products(&s->b, w, p);
  nw_add_products(&s->c, v, q);
  nw_add_products(&s->d, w, q);
  *x = nw_two_words(*x, &p, &q);
  nw_add_products(&s->e, v, p);
  nw_add_products(&s->f, w, p);
  return q;
}

/* Products of second words, of which the first one is given. */
static NW_INLINE void nw_second_products(const nw_u32 **x, nw_u32 word, nw_u32 v, nw_u32 w, nw_six_sums *s) {
  nw_u32 p, q;
  nw_add_products(&s->a, v, word);
  nw_add_products(&s->b, w, word);
  *x = nw_two_words(*x, &p, &q);
  nw_add_products(&s->c, v, p);
  nw_add_products(&s->d, w, p);
  nw_add_products(&s->e, v, q);
  nw_add_products(&s->f, w, q);
}

/* Four elements of plain words: a word of weights for the first word of each pixel, and one for the second. Bytes 0 and
 * 2 are of the one channel, 1 and 3 of the other. */
static NW_INLINE void nw_plain_by_six(const nw_u32 **x, const nw_u32 **weights, nw_six_sums *s) {
  nw_u32 v, w;
  *weights = nw_two_words(*weights, &v, &w);
  nw_u32 const word = nw_first_products(x, nw_even_bytes(v), nw_odd_bytes(v), s);
  nw_second_products(x, word, nw_even_bytes(w), nw_odd_bytes(w), s);
}

static NW_INLINE void nw_eight_plain(const nw_u32 **x, const nw_u32 **weights, nw_six_sums *s) {
  nw_plain_by_six(x, weights, s);
  nw_plain_by_six(x, weights, s);
}

/* Four elements of folded words: lanes of weights as 256 b1 + b0. */
static NW_INLINE void nw_folded_by_six(const nw_u32 **x, const nw_u32 **weights, nw_six_sums *s) {
  nw_u32 v, w;
  *weights = nw_two_words(*weights, &v, &w);
  nw_u32 const word = nw_first_products(x, v, w, s);
  nw_second_products(x, word, nw_even_bytes(v), nw_even_bytes(w), s);
}

static NW_INLINE void nw_eight_folded(const nw_u32 **x, const nw_u32 **weights, nw_six_sums *s) {
  nw_folded_by_six(x, weights, s);
  nw_folded_by_six(x, weights, s);
}

/* Eight elements of nibbles' words: a word of weights for each four. Bytes 0 and 2 are of the one channel, 1 and 3 of
 * the other; they are 16 b1 + b0 + 8. */
static NW_INLINE void nw_nibbles_by_six(const nw_u32 **x, nw_u32 bytes, nw_six_sums *s) {
  nw_u32 const low = 0x000F000Fu, v = nw_even_bytes(bytes), w = nw_odd_bytes(bytes);
  nw_u32 const word = nw_first_products(x, v, w, s);
  nw_second_products(x, word, v & low, w & low, s);
}

static NW_INLINE void nw_eight_nibbles(const nw_u32 **x, const nw_u32 **weights, nw_six_sums *s) {
  nw_u32 v, w;
  *weights = nw_two_words(*weights, &v, &w);
  nw_nibbles_by_six(x, v, s);
  nw_nibbles_by_six(x, w, s);
}

#endif
