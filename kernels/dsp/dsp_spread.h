/* What filters are multiplied with, as words of two lanes: of each four elements x0 to x3 a first and a second word.
 *
 * plain:     (x0, x2) and (x1, x3)
 * halfwords: (x0, x1) and (x2, x3)
 * folded:    (x1, x3) and (256 x0 - x1 + 127, 256 x2 - x3 + 127), the words of dsp_folded.h
 * nibbles:   (x1, x3) and (16 x0 - x1, 16 x2 - x3), which is the same for bytes 16 b1 + b0 of two weights of 4 bits;
 *            128 (x0 + x2) is added to a sum */
#ifndef NARROW_DSP_SPREAD_H
#define NARROW_DSP_SPREAD_H

#include "dsp/dsp_folded.h"
#include "dsp/dsp_lanes.h"

static NW_INLINE void nw_plain_four(const nw_i8 *from, nw_u32 *first, nw_u32 *second, nw_i32 *sum) {
  nw_u32 const bytes = nw_four_bytes(from);
  (void)sum;
  *first = nw_even_bytes(bytes);
  *second = nw_odd_bytes(bytes);
}

static NW_INLINE void nw_halfwords_four(const nw_i16 *from, nw_u32 *first, nw_u32 *second, nw_i32 *sum) {
  (void)sum;
  *first = nw_two_halfwords(from);
  *second = nw_two_halfwords(from + 2);
}

static NW_INLINE void nw_folded_four(const nw_i8 *from, nw_u32 *first, nw_u32 *second, nw_i32 *sum) {
  (void)sum;
  *second = nw_folded_words(nw_four_bytes(from), first);
}

static NW_INLINE void nw_nibbles_four(const nw_i8 *from, nw_u32 *first, nw_u32 *second, nw_i32 *sum) {
  nw_u32 const bytes = nw_four_bytes(from), even = nw_even_bytes(bytes);
  *first = nw_odd_bytes(bytes);
  *second = nw_minus_lanes((even & ~0xF000F000u) << 4, *first);
  *sum = nw_mac_both(even, 0x00800080u, *sum);
}

/* Of each kind:
 *   nw_spread_KIND       writes the words of `fours` groups, the first words at `to`, the second ones `second` words
 *                        behind them, and from group to group `step` words further; the end
 *   nw_spread_same_KIND  the same of elements that all are `value`
 *   nw_share_KIND        the same of elements that several of three pixels have, from pixel `from_pixel` to pixel
 *                        `to_pixel`, constants: each has them `back` words before the one on its left (dsp_six_sums.h)
 */
#define NW_SPREADS(kind, element)                                                                                      \
  static NW_INLINE nw_u32 *nw_spread_##kind(nw_u32 *to, const element *from, nw_i32 fours, nw_i32 second, nw_i32 step, \
                                            nw_i32 *sum) {                                                             \
    nw_i32 s = *sum;                                                                                                   \
    for (; fours > 1; fours -= 2, from += 8, to += 2 * step) {                                                         \
      nw_u32 p, q;                                                                                                     \
      nw_##kind##_four(from, &p, &q, &s);                                                                              \
      to[0] = p;                                                                                                       \
      to[second] = q;                                                                                                  \
      nw_##kind##_four(from + 4, &p, &q, &s);                                                                          \
      to[step] = p;                                                                                                    \
      to[step + second] = q;                                                                                           \
    }                                                                                                                  \
    if (fours > 0) {                                                                                                   \
      nw_##kind##_four(from, to, to + second, &s);                                                                     \
      to += step;                                                                                                      \
    }                                                                                                                  \
    *sum = s;                                                                                                          \
    return to;                                                                                                         \
  }                                                                                                                    \
  static NW_INLINE nw_u32 *nw_spread_same_##kind(nw_u32 *to, nw_i32 value, nw_i32 fours, nw_i32 second, nw_i32 step,   \
                                                 nw_i32 *sum) {                                                        \
    element four[4];                                                                                                   \
    nw_u32 p, q;                                                                                                       \
    nw_i32 each = 0;                                                                                                   \
    four[0] = four[1] = four[2] = four[3] = (element)value;                                                            \
    nw_##kind##_four(four, &p, &q, &each);                                                                             \
    *sum += fours * each;                                                                                              \
    for (; fours > 0; --fours, to += step) {                                                                           \
      to[0] = p;                                                                                                       \
      to[second] = q;                                                                                                  \
    }                                                                                                                  \
    return to;                                                                                                         \
  }                                                                                                                    \
  static NW_INLINE nw_u32 *nw_share_##kind(nw_u32 *to, const element *from, nw_i32 fours, nw_i32 back, int from_pixel, \
                                           int to_pixel, nw_i32 *sums) {                                               \
    nw_u32 *one = to_pixel >= 1 ? to + 1 - back : to, *two = to_pixel == 2 ? to + 2 - 2 * back : to;                   \
    nw_i32 s = 0;                                                                                                      \
    for (; fours > 0; --fours, from += 4, to += 6, one += 6, two += 6) {                                               \
      nw_u32 p, q;                                                                                                     \
      nw_##kind##_four(from, &p, &q, &s);                                                                              \
      if (from_pixel == 0) to[0] = p, to[3] = q;                                                                       \
      if (from_pixel <= 1 && to_pixel >= 1) one[0] = p, one[3] = q;                                                    \
      if (to_pixel == 2) two[0] = p, two[3] = q;                                                                       \
    }                                                                                                                  \
    for (int k = from_pixel; k <= to_pixel; ++k) sums[k] += s;                                                         \
    return to;                                                                                                         \
  }
NW_SPREADS(plain, nw_i8)
NW_SPREADS(halfwords, nw_i16)
NW_SPREADS(folded, nw_i8)
NW_SPREADS(nibbles, nw_i8)
#undef NW_SPREADS

/* Copies elements, several at a time, the last ones of four or more partly twice; the end. */
static NW_INLINE nw_i8 *nw_copy_i8(nw_i8 *to, const nw_i8 *from, nw_i32 count) {
  nw_i8 *const end = to + count;
  if (count < 4) {
    while (to != end) *to++ = *from++;
    return end;
  }
  const nw_i8 *const last = from + count - 4;
  for (; from < last; from += 4, to += 4) nw_put_four_bytes(to, nw_four_bytes(from));
  nw_put_four_bytes(end - 4, nw_four_bytes(last));
  return end;
}

static NW_INLINE nw_i16 *nw_copy_i16(nw_i16 *to, const nw_i16 *from, nw_i32 count) {
  for (; count >= 2; count -= 2, to += 2, from += 2) nw_put_two_halfwords(to, nw_two_halfwords(from));
  if (count > 0) *to++ = *from;
  return to;
}

#endif
