/* What the filters of a layer are multiplied with, as words of two 16-bit lanes: of each four elements x0 to x3 two
 * words, which are
 *
 *   plain:  (x0, x2) and (x1, x3), for weights in lanes, and
 *   folded: (256 x0 - x1 + 127, 256 x2 - x3 + 127) and (x1, x3), for weights in bytes (dsp_folded.h). */
#ifndef NARROW_DSP_COLUMNS_H
#define NARROW_DSP_COLUMNS_H

#include "dsp/dsp_folded.h"

static NW_INLINE nw_u32 nw_plain_words(nw_u32 bytes, nw_u32 *second) {
  *second = nw_odd_bytes(bytes);
  return nw_even_bytes(bytes);
}

static NW_INLINE nw_u32 nw_words_of(nw_u32 bytes, nw_u32 *second, nw_i32 folded) {
  return folded ? nw_folded_words(bytes, second) : nw_plain_words(bytes, second);
}

/* Writes the words of `count` elements and of zeros up to a multiple of four; the place behind them. */
static NW_INLINE nw_u32 *nw_spread_as(nw_u32 *to, const nw_i8 *from, nw_i32 count, nw_i32 folded) {
  nw_u32 first, second;
  for (; count >= 4; count -= 4, from += 4, to += 2) {
    first = nw_words_of(nw_four_bytes(from), &second, folded);
    nw_put_two_words(to, first, second);
  }
  if (count == 0) return to;
  first = nw_words_of(nw_few_bytes(from, count), &second, folded);
  nw_put_two_words(to, first, second);
  return to + 2;
}

static NW_INLINE nw_u32 *nw_spread(nw_u32 *to, const nw_i8 *from, nw_i32 count, nw_i32 folded) {
  return folded ? nw_spread_as(to, from, count, 1) : nw_spread_as(to, from, count, 0);
}

/* Writes the same words for `fours` groups of four elements of one value. */
static NW_INLINE nw_u32 *nw_repeat_words(nw_u32 *to, nw_u32 first, nw_u32 second, nw_i32 fours) {
  for (; fours > 0; --fours, to += 2) nw_put_two_words(to, first, second);
  return to;
}

static NW_INLINE void nw_put_lanes_of(nw_i8 *to, nw_u32 bytes) {
  nw_u32 const even = nw_even_bytes(bytes), odd = nw_odd_bytes(bytes);
  nw_put_four_bytes(to, nw_word((nw_i32)even, (nw_i32)odd));
  nw_put_four_bytes(to + 4, nw_high_lanes(even, odd));
}

/* Writes bytes as lanes in their order, and up to three lanes more. */
static NW_INLINE nw_i8 *nw_spread_in_order(nw_i8 *to, const nw_i8 *from, nw_i32 count) {
  nw_i8 *const end = to + 2 * count;
  for (; count >= 4; count -= 4, from += 4, to += 8) nw_put_lanes_of(to, nw_four_bytes(from));
  if (count > 0) nw_put_lanes_of(to, nw_few_bytes(from, count));
  return end;
}

/* Writes `count` lanes of one value, and perhaps one more. */
static NW_INLINE nw_i8 *nw_repeat_lane(nw_i8 *to, nw_i32 value, nw_i32 count) {
  nw_i8 *const end = to + 2 * count;
  for (; to < end; to += 4) nw_put_four_bytes(to, nw_word(value, value));
  return end;
}

#endif
