/* 3x3 filters over rows of 16-bit elements. */
#ifndef NARROW_DSP_PLANE_H
#define NARROW_DSP_PLANE_H

#include "dsp/dsp_lanes.h"

/* The filter of a channel: of each row taps 0 and 1, and taps 1 and 2. */
typedef struct {
  nw_u32 front[3], back[3];
} nw_plane_filter;

/* Of words with bytes of taps 0, 1, 1, 2. */
static NW_INLINE nw_plane_filter nw_filter_of_bytes(const nw_i32 *weights, nw_i32 channel) {
  nw_plane_filter f;
  for (nw_i32 r = 0; r < 3; ++r) {
    nw_u32 const bytes = (nw_u32)weights[3 * channel + r];
    f.front[r] = nw_even_bytes(bytes);
    f.back[r] = nw_odd_bytes(bytes);
  }
  return f;
}

/* Of nine nibbles for each channel, eight in a word; taps times 16. */
static NW_INLINE nw_plane_filter nw_filter_of_nibbles(const nw_i32 *weights, nw_i32 channel) {
  nw_plane_filter f;
  nw_i32 at = 9 * channel;
  for (nw_i32 r = 0; r < 3; ++r) {
    nw_i32 taps[3];
    for (nw_i32 i = 0; i < 3; ++i, ++at)
      taps[i] = 16 * ((nw_i32)(((nw_u32)weights[at >> 3] >> (4 * (at & 7)) & 15u) ^ 8u) - 8);
    f.front[r] = nw_word(taps[0], taps[1]);
    f.back[r] = nw_word(taps[1], taps[2]);
  }
  return f;
}

/* Of words as they are: of each row taps 0 and 1, then taps 1 and 2. */
static NW_INLINE nw_plane_filter nw_filter_of_halfwords(const nw_i32 *weights, nw_i32 channel) {
  nw_plane_filter f;
  for (nw_i32 r = 0; r < 3; ++r) {
    f.front[r] = (nw_u32)weights[6 * channel + 2 * r];
    f.back[r] = (nw_u32)weights[6 * channel + 2 * r + 1];
  }
  return f;
}

static NW_INLINE nw_i32 nw_begin_of(const nw_i32 *record) {
  return record[0];
}

/* Where the results of a channel are: rows of columns, elements from one to the next and from row to row. */
typedef struct {
  nw_i32 rows, columns, step, row;
} nw_plane_results;

/* Adds the products of a row of the filter for two pixels whose windows are one column apart; left and right are
 * columns 0 and 1, 2 and 3. */
static NW_INLINE void nw_plane_words(nw_u32 left, nw_u32 right, nw_u32 front, nw_u32 back, nw_i32 *first,
                                     nw_i32 *second) {
  *first = nw_mac_under(right, back, nw_mac_both(left, front, *first));
  *second = nw_mac_both(right, back, nw_mac_cross(left, front, *second));
}

/* The same from where the row begins, with windows `stride` columns apart, 1 or 2. */
static NW_INLINE void nw_plane_row(const nw_i16 *from, int stride, nw_u32 front, nw_u32 back, nw_i32 *first,
                                   nw_i32 *second) {
  nw_u32 const left = nw_two_halfwords(from), right = nw_two_halfwords(from + 2);
  if (stride == 1) {
    nw_plane_words(left, right, front, back, first, second);
  } else {
    *first = nw_mac_under(right, back, nw_mac_both(left, front, *first));
    *second = nw_mac_under((nw_u32)from[4], back, nw_mac_both(right, front, *second));
  }
}

#endif
