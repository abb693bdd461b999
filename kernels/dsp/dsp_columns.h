/* What the filters of a layer are multiplied with, as words of two 16-bit lanes. */
#ifndef NARROW_DSP_COLUMNS_H
#define NARROW_DSP_COLUMNS_H

#include "dsp/dsp_words.h"

/* Writes two words of each of `fours` groups of four bytes, of elements 0 and 2 and of elements 1 and 3; each `step`
 * words behind the one before. Returns where the next one would lie. */
static NW_INLINE nw_u32 *nw_spread(nw_u32 *to, const nw_i8 *from, nw_i32 fours, nw_i32 step) {
  for (; fours > 1; fours -= 2, from += 8, to += 4 * step) {
    nw_u32 const first = nw_four_bytes(from), second = nw_four_bytes(from + 4);
    to[0] = nw_even_bytes(first);
    to[step] = nw_odd_bytes(first);
    to[2 * step] = nw_even_bytes(second);
    to[3 * step] = nw_odd_bytes(second);
  }
  if (fours > 0) {
    nw_u32 const bytes = nw_four_bytes(from);
    to[0] = nw_even_bytes(bytes);
    to[step] = nw_odd_bytes(bytes);
    to += 2 * step;
  }
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
  if (count > 0) {
    nw_u32 bytes = 0;
    for (nw_i32 i = 0; i < count; ++i) bytes |= ((nw_u32)from[i] & 0xFFu) << (8 * i);
    nw_put_lanes_of(to, bytes);
  }
  return end;
}

/* Writes `count` lanes of one value, and perhaps one more. */
static NW_INLINE nw_i8 *nw_repeat_lane(nw_i8 *to, nw_i32 value, nw_i32 count) {
  nw_i8 *const end = to + 2 * count;
  for (; to < end; to += 4) nw_put_four_bytes(to, nw_word(value, value));
  return end;
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
