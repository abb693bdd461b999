/* What filters are multiplied with, as words of two lanes: of each four elements x0 to x3 a first and a second word.
 * Each function writes those of `fours` groups, the first words at `to`, the second ones `second` words behind them, and
 * from group to group `step` words further, and returns the end.
 *
 * plain:   (x0, x2) and (x1, x3) of bytes; (x0, x1) and (x2, x3) of halfwords.
 * folded:  (x1, x3) and (256 x0 - x1 + 127, 256 x2 - x3 + 127), which 16 bits always hold.
 * nibbles: (x1, x3) and (16 x0 - x1, 16 x2 - x3).
 *
 * The latter two are for a weight that holds two: with w = 256 b1 + b0,
 *   w * x1 + b0 * (256 x0 - x1) = 256 (b1 * x1 + b0 * x0),
 * so that only b0 has to be taken out of w, and not b1. */
#ifndef NARROW_DSP_SPREAD_H
#define NARROW_DSP_SPREAD_H

#include "dsp/dsp_lanes.h"

static NW_INLINE void nw_plain_four(nw_u32 *to, nw_u32 bytes, nw_i32 second) {
  to[0] = nw_even_bytes(bytes);
  to[second] = nw_odd_bytes(bytes);
}

/* 127 - x is x with all bits but that of the sign turned over, as an unsigned byte. */
static NW_INLINE void nw_folded_four(nw_u32 *to, nw_u32 bytes, nw_i32 second) {
  to[0] = nw_odd_bytes(bytes);
  to[second] = nw_swap_bytes(bytes) ^ 0x007F007Fu;
}

static NW_INLINE void nw_nibbles_four(nw_u32 *to, nw_u32 bytes, nw_i32 second) {
  nw_u32 const odd = nw_odd_bytes(bytes);
  to[0] = odd;
  to[second] = nw_minus_lanes((nw_even_bytes(bytes) & ~0xF000F000u) << 4, odd);
}

#define NW_SPREADS(kind)                                                                                             \
  static NW_INLINE nw_u32 *nw_spread_##kind(nw_u32 *to, const nw_i8 *from, nw_i32 fours, nw_i32 second, nw_i32 step) { \
    for (; fours > 1; fours -= 2, from += 8, to += 2 * step) {                                                       \
      nw_u32 const bytes = nw_four_bytes(from), next = nw_four_bytes(from + 4);                                      \
      nw_##kind##_four(to, bytes, second);                                                                           \
      nw_##kind##_four(to + step, next, second);                                                                     \
    }                                                                                                                \
    if (fours > 0) {                                                                                                 \
      nw_##kind##_four(to, nw_four_bytes(from), second);                                                             \
      to += step;                                                                                                    \
    }                                                                                                                \
    return to;                                                                                                       \
  }                                                                                                                  \
  /* Of elements that are all the same. */                                                                           \
  static NW_INLINE nw_u32 *nw_spread_same_##kind(nw_u32 *to, nw_i32 value, nw_i32 fours, nw_i32 second,              \
                                                 nw_i32 step) {                                                      \
    nw_u32 const bytes = ((nw_u32)value & 0xFFu) * 0x01010101u;                                                      \
    for (; fours > 0; --fours, to += step) nw_##kind##_four(to, bytes, second);                                      \
    return to;                                                                                                       \
  }
NW_SPREADS(plain)
NW_SPREADS(folded)
NW_SPREADS(nibbles)
#undef NW_SPREADS

static NW_INLINE nw_u32 *nw_spread_halfwords(nw_u32 *to, const nw_i16 *from, nw_i32 fours, nw_i32 second, nw_i32 step) {
  for (; fours > 1; fours -= 2, from += 8, to += 2 * step) {
    to[0] = nw_two_halfwords(from);
    to[second] = nw_two_halfwords(from + 2);
    to[step] = nw_two_halfwords(from + 4);
    to[step + second] = nw_two_halfwords(from + 6);
  }
  if (fours > 0) {
    to[0] = nw_two_halfwords(from);
    to[second] = nw_two_halfwords(from + 2);
    to += step;
  }
  return to;
}

static NW_INLINE nw_u32 *nw_spread_same_halfwords(nw_u32 *to, nw_i32 value, nw_i32 fours, nw_i32 second, nw_i32 step) {
  for (; fours > 0; --fours, to += step) to[0] = to[second] = nw_word(value, value);
  return to;
}

/* Copies elements, several at a time; the end. */
static NW_INLINE nw_i8 *nw_copy_i8(nw_i8 *to, const nw_i8 *from, nw_i32 count) {
  for (; count >= 4; count -= 4, to += 4, from += 4) nw_put_four_bytes(to, nw_four_bytes(from));
  for (; count > 0; --count) *to++ = *from++;
  return to;
}

static NW_INLINE nw_i16 *nw_copy_i16(nw_i16 *to, const nw_i16 *from, nw_i32 count) {
  for (; count >= 2; count -= 2, to += 2, from += 2) nw_put_two_halfwords(to, nw_two_halfwords(from));
  if (count > 0) *to++ = *from;
  return to;
}

/* 128 (x0 + x2 + ...) over an even number of fours of nibbles' words. */
static NW_INLINE nw_i32 nw_sum_of_nibbles(const nw_u32 *at, nw_i32 fours, nw_i32 second, nw_i32 step) {
  nw_u32 const eight = 0x00080008u;
  nw_i32 sum = 0;
  for (; fours > 0; fours -= 2, at += 2 * step) {
    sum = nw_mac_both(at[second], eight, nw_mac_both(at[0], eight, sum));
    sum = nw_mac_both(at[step + second], eight, nw_mac_both(at[step], eight, sum));
  }
  return sum;
}

#endif
