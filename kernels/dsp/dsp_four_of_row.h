/* Sums of four channels over a row in lanes (dsp_columns.h), eight elements in two calls, whose weights are woven as
 * dsp_fully_connected.h says. */
#ifndef NARROW_DSP_FOUR_OF_ROW_H
#define NARROW_DSP_FOUR_OF_ROW_H

#include "dsp/dsp_words.h"

typedef struct {
  nw_i32 a, b, c, d;
} nw_four_sums;

/* Adds the products of four elements with folded weights of four channels. row and weights are moved behind them. */
static NW_INLINE void nw_four_of_row(const nw_u32 **row, const nw_u32 **weights, nw_four_sums *s) {
  nw_u32 first, second, a, b, c, d;
  *row = nw_two_words(*row, &first, &second);
  *weights = nw_four_words(*weights, &a, &b, &c, &d);
  s->a = nw_mac_both(a, second, nw_mac_both(nw_even_bytes(a), first, s->a));
  s->b = nw_mac_both(b, second, nw_mac_both(nw_even_bytes(b), first, s->b));
  s->c = nw_mac_both(c, second, nw_mac_both(nw_even_bytes(c), first, s->c));
  s->d = nw_mac_both(d, second, nw_mac_both(nw_even_bytes(d), first, s->d));
}

/* The same of weights in lanes. */
static NW_INLINE void nw_four_of_row_wide(const nw_u32 **row, const nw_u32 **weights, nw_four_sums *s) {
  nw_u32 first, second, a, b, c, d;
  *row = nw_two_words(*row, &first, &second);
  *weights = nw_four_words(*weights, &a, &b, &c, &d);
  s->a = nw_mac_both(a, first, s->a);
  s->b = nw_mac_both(b, first, s->b);
  s->c = nw_mac_both(c, first, s->c);
  s->d = nw_mac_both(d, first, s->d);
  *weights = nw_four_words(*weights, &a, &b, &c, &d);
  s->a = nw_mac_both(a, second, s->a);
  s->b = nw_mac_both(b, second, s->b);
  s->c = nw_mac_both(c, second, s->c);
  s->d = nw_mac_both(d, second, s->d);
}

/* Sums of four channels over a whole row, which ends at `end`: weights are four words where sums begin, and then those
 * of the channels. wide is a constant; the place behind the weights. */
static NW_INLINE const nw_u32 *nw_sums_of_row(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights,
                                              nw_four_sums *s, int wide) {
  nw_u32 a, b, c, d;
  weights = nw_four_words(weights, &a, &b, &c, &d);
  s->a = (nw_i32)a;
  s->b = (nw_i32)b;
  s->c = (nw_i32)c;
  s->d = (nw_i32)d;
  do {
    if (wide) {
      nw_four_of_row_wide(&row, &weights, s);
      nw_four_of_row_wide(&row, &weights, s);
    } else {
      nw_four_of_row(&row, &weights, s);
      nw_four_of_row(&row, &weights, s);
    }
  } while (row != end);
  return weights;
}

#endif
