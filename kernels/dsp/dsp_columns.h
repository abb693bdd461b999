/* What the filters of a layer are multiplied with, as words of two lanes: of each four elements one word of elements 0
 * and 2, and one of elements 1 and 3. */
#ifndef NARROW_DSP_COLUMNS_H
#define NARROW_DSP_COLUMNS_H

#include "dsp/dsp_words.h"

/* Writes the two words of each of `fours` groups of four bytes, and leaves `gap` words behind them; the end. */
static NW_INLINE nw_u32 *nw_spread(nw_u32 *to, const nw_i8 *from, nw_i32 fours, nw_i32 gap) {
  nw_i32 const step = 2 + gap;
  for (; fours > 1; fours -= 2, from += 8, to += 2 * step) {
    nw_u32 const first = nw_four_bytes(from), second = nw_four_bytes(from + 4);
    nw_put_two_words(to, nw_even_bytes(first), nw_odd_bytes(first));
    nw_put_two_words(to + step, nw_even_bytes(second), nw_odd_bytes(second));
  }
  if (fours > 0) {
    nw_u32 const bytes = nw_four_bytes(from);
    nw_put_two_words(to, nw_even_bytes(bytes), nw_odd_bytes(bytes));
    to += step;
  }
  return to;
}

/* The same for elements that are all the same. */
static NW_INLINE nw_u32 *nw_spread_same(nw_u32 *to, nw_u32 lanes, nw_i32 fours, nw_i32 gap) {
  for (; fours > 0; --fours, to += 2 + gap) to[0] = to[1] = lanes;
  return to;
}

static NW_INLINE nw_i8 *nw_copy_bytes(nw_i8 *to, const nw_i8 *from, nw_i32 count) {
  for (; count >= 4; count -= 4, to += 4, from += 4) nw_put_four_bytes(to, nw_four_bytes(from));
  for (; count > 0; --count) *to++ = *from++;
  return to;
}

static NW_INLINE nw_i8 *nw_repeat_byte(nw_i8 *to, nw_i32 value, nw_i32 count) {
  for (; count > 0; --count) *to++ = (nw_i8)value;
  return to;
}

#endif
