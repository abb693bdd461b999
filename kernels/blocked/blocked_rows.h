/* The products of one or two rows of input elements with the filters of four channels at a time. */
#ifndef NARROW_BLOCKED_ROWS_H
#define NARROW_BLOCKED_ROWS_H

#include "blocked/blocked_channel.h"

enum { NW_TOGETHER = 4 };

/* Adds the products of one element of a row with the filters of four channels. */
#define NW_ELEMENT                            \
  do {                                        \
    nw_i32 const e = nw_next_byte(&x);        \
    nw_add_product(&s0, e, nw_next_byte(&w)); \
    nw_add_product(&s1, e, nw_next_byte(&w)); \
    nw_add_product(&s2, e, nw_next_byte(&w)); \
    nw_add_product(&s3, e, nw_next_byte(&w)); \
  } while (0)

/* The same of two rows: 14 instructions for 8 products. x is in the one, the other is `apart` + 1 bytes behind it. */
#define NW_ONE_CHANNEL(s, t)           \
  do {                                 \
    nw_i32 const v = nw_next_byte(&w); \
    nw_add_product(&s, e, v);          \
    nw_add_product(&t, f, v);          \
  } while (0)
#define NW_TWO_ELEMENTS                              \
  do {                                               \
    nw_i32 const e = nw_next_byte(&x), f = x[apart]; \
    NW_ONE_CHANNEL(s0, t0);                          \
    NW_ONE_CHANNEL(s1, t1);                          \
    NW_ONE_CHANNEL(s2, t2);                          \
    NW_ONE_CHANNEL(s3, t3);                          \
  } while (0)

/* Writes the result of channel k of four. */
#define NW_ONE_RESULT(k, s)                                                                       \
  do {                                                                                            \
    const nw_i32 *const c = channels + (k)*NW_CHANNEL_WORDS;                                      \
    nw_i32 const m = c[NW_CHANNEL_MULTIPLIER], a = c[NW_CHANNEL_ADDEND], n = c[NW_CHANNEL_SHIFT]; \
    *to++ = (nw_i8)nw_channel_result(nw_doubled(s), m, a, n);                                     \
    if (count == (k) + 1) return;                                                                 \
  } while (0)
#define NW_TWO_RESULTS(k, s, t)                                                                   \
  do {                                                                                            \
    const nw_i32 *const c = channels + (k)*NW_CHANNEL_WORDS;                                      \
    nw_i32 const m = c[NW_CHANNEL_MULTIPLIER], a = c[NW_CHANNEL_ADDEND], n = c[NW_CHANNEL_SHIFT]; \
    *to++ = (nw_i8)nw_channel_result(nw_doubled(s), m, a, n);                                     \
    *other++ = (nw_i8)nw_channel_result(nw_doubled(t), m, a, n);                                  \
    if (count == (k) + 1) return;                                                                 \
  } while (0)

/* The results of `count` channels of a row. */
static NW_NOINLINE void nw_one_row(const nw_i8 *row, nw_i32 elements, const nw_i8 *w, const nw_i32 *channels,
                                   nw_i32 count, nw_i8 *to) {
  const nw_i8 *const end = row + elements, *const fours = row + elements / NW_TOGETHER * NW_TOGETHER;
  for (;; count -= NW_TOGETHER, channels += NW_TOGETHER * NW_CHANNEL_WORDS) {
    const nw_i8 *x = row;
    nw_i32 s0 = channels[NW_CHANNEL_BEGIN], s1 = channels[NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN],
           s2 = channels[2 * NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN],
           s3 = channels[3 * NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN];
    while (x != fours) {
      NW_ELEMENT;
      NW_ELEMENT;
      NW_ELEMENT;
      NW_ELEMENT;
    }
    while (x != end) NW_ELEMENT;
    NW_ONE_RESULT(0, s0);
    NW_ONE_RESULT(1, s1);
    NW_ONE_RESULT(2, s2);
    NW_ONE_RESULT(3, s3);
  }
}

/* Of two rows, `to` and `other`. */
#if NW_THUMB1
static NW_INLINE void nw_two_rows(const nw_i8 *row, const nw_i8 *second, nw_i32 elements, const nw_i8 *w,
                                  const nw_i32 *channels, nw_i32 count, nw_i8 *to, nw_i8 *other) {
  nw_one_row(row, elements, w, channels, count, to);
  nw_one_row(second, elements, w, channels, count, other);
}
#else
static NW_NOINLINE void nw_two_rows(const nw_i8 *row, const nw_i8 *second, nw_i32 elements, const nw_i8 *w,
                                    const nw_i32 *channels, nw_i32 count, nw_i8 *to, nw_i8 *other) {
  nw_i32 const apart = (nw_i32)(second - row) - 1;
  const nw_i8 *const end = row + elements, *const fours = row + elements / NW_TOGETHER * NW_TOGETHER;
  for (;; count -= NW_TOGETHER, channels += NW_TOGETHER * NW_CHANNEL_WORDS) {
    const nw_i8 *x = row;
    nw_i32 s0 = channels[NW_CHANNEL_BEGIN], s1 = channels[NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN],
           s2 = channels[2 * NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN],
           s3 = channels[3 * NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN];
    nw_i32 t0 = s0, t1 = s1, t2 = s2, t3 = s3;
    while (x != fours) {
      NW_TWO_ELEMENTS;
      NW_TWO_ELEMENTS;
      NW_TWO_ELEMENTS;
      NW_TWO_ELEMENTS;
    }
    while (x != end) NW_TWO_ELEMENTS;
    NW_TWO_RESULTS(0, s0, t0);
    NW_TWO_RESULTS(1, s1, t1);
    NW_TWO_RESULTS(2, s2, t2);
    NW_TWO_RESULTS(3, s3, t3);
  }
}
#endif

#endif
