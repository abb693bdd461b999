/* Vectors of four words that are read from and written to elements of 16 bits, and looked up in a table of them. */
#ifndef NARROW_HELIUM_HALVES_H
#define NARROW_HELIUM_HALVES_H

#include "helium/helium_scaled.h"

#if NW_HELIUM
/* The first `count` of four elements, of which no more are read, and zeros. */
static NW_INLINE nw_words nw_first_halves(const nw_i16 *at, nw_i32 count) {
  return vldrhq_z_s32(at, vctp32q((uint32_t)count));
}

/* The lower halves of the first `count` of four words. */
static NW_INLINE void nw_put_first_halves(nw_i16 *to, nw_words v, nw_i32 count) {
  vstrhq_p_s32(to, v, vctp32q((uint32_t)count));
}

/* table[at] of four words from 0 on. */
static NW_INLINE nw_words nw_looked_up_halves(const nw_u16 *table, nw_words at) {
  return vreinterpretq_s32_u32(vldrhq_gather_shifted_offset_u32(table, vreinterpretq_u32_s32(at)));
}

static NW_INLINE nw_words nw_absolute(nw_words v) {
  return vabsq_s32(v);
}

static NW_INLINE nw_words nw_differences(nw_words a, nw_words b) {
  return vsubq_s32(a, b);
}

static NW_INLINE nw_words nw_low_bits(nw_words v, nw_i32 mask) {
  return vandq_s32(v, vdupq_n_s32(mask));
}

static NW_INLINE nw_words nw_at_most(nw_words v, nw_i32 most) {
  return vminq_s32(v, vdupq_n_s32(most));
}

/* `a` where `v` is negative, else `b`. */
static NW_INLINE nw_words nw_by_sign(nw_words v, nw_words a, nw_words b) {
  return vpselq_s32(a, b, vcmpltq_n_s32(v, 0));
}

/* `a` where `v` is at least `least`, else `b`. */
static NW_INLINE nw_words nw_where_at_least(nw_words v, nw_i32 least, nw_words a, nw_words b) {
  return vpselq_s32(a, b, vcmpgeq_n_s32(v, least));
}

static NW_INLINE nw_words nw_times(nw_words v, nw_i32 factor) {
  return vmulq_n_s32(v, factor);
}

/* floor((v * multiplier + 2^30) / 2^31), less what `away` and the sign have in common: 1 of a negative number where
 * `away` is -1. */
static NW_INLINE nw_words nw_high_words_away(nw_words v, nw_i32 multiplier, nw_i32 away) {
  nw_words const x = vqrdmulhq_n_s32(v, multiplier);
  return vaddq_s32(x, vandq_s32(vshrq_n_s32(x, 31), vdupq_n_s32(away)));
}

/* floor(v * 2^-shift + 1/2); shift in [0, 31], and no overflow */
static NW_INLINE nw_words nw_rounded_down_by(nw_words v, nw_i32 shift) {
  return vrshlq_n_s32(v, -shift);
}
#else
static NW_INLINE nw_words nw_first_halves(const nw_i16 *at, nw_i32 count) {
  nw_words v;
  for (int i = 0; i < 4; ++i) v.lane[i] = i < count ? at[i] : 0;
  return v;
}

static NW_INLINE void nw_put_first_halves(nw_i16 *to, nw_words v, nw_i32 count) {
  for (int i = 0; i < 4 && i < count; ++i) to[i] = (nw_i16)v.lane[i];
}

static NW_INLINE nw_words nw_looked_up_halves(const nw_u16 *table, nw_words at) {
  for (int i = 0; i < 4; ++i) at.lane[i] = table[at.lane[i]];
  return at;
}

static NW_INLINE nw_words nw_absolute(nw_words v) {
  for (int i = 0; i < 4; ++i) v.lane[i] = v.lane[i] < 0 ? -v.lane[i] : v.lane[i];
  return v;
}

static NW_INLINE nw_words nw_differences(nw_words a, nw_words b) {
  for (int i = 0; i < 4; ++i) a.lane[i] -= b.lane[i];
  return a;
}

static NW_INLINE nw_words nw_low_bits(nw_words v, nw_i32 mask) {
  for (int i = 0; i < 4; ++i) v.lane[i] &= mask;
  return v;
}

static NW_INLINE nw_words nw_at_most(nw_words v, nw_i32 most) {
  for (int i = 0; i < 4; ++i) v.lane[i] = v.lane[i] > most ? most : v.lane[i];
  return v;
}

static NW_INLINE nw_words nw_by_sign(nw_words v, nw_words a, nw_words b) {
  for (int i = 0; i < 4; ++i)
    if (v.lane[i] < 0) b.lane[i] = a.lane[i];
  return b;
}

static NW_INLINE nw_words nw_where_at_least(nw_words v, nw_i32 least, nw_words a, nw_words b) {
  for (int i = 0; i < 4; ++i)
    if (v.lane[i] >= least) b.lane[i] = a.lane[i];
  return b;
}

static NW_INLINE nw_words nw_times(nw_words v, nw_i32 factor) {
  for (int i = 0; i < 4; ++i) v.lane[i] *= factor;
  return v;
}

static NW_INLINE nw_words nw_high_words_away(nw_words v, nw_i32 multiplier, nw_i32 away) {
  for (int i = 0; i < 4; ++i) {
    nw_i64 const product = (nw_i64)v.lane[i] * multiplier + ((nw_i64)1 << 30);
    v.lane[i] = (nw_i32)NW_FLOOR_SHIFT(product, 31);
    if (v.lane[i] < 0) v.lane[i] += away;
  }
  return v;
}

static NW_INLINE nw_words nw_rounded_down_by(nw_words v, nw_i32 shift) {
  return shift > 0 ? nw_rounded_shift(v, -shift) : v;
}
#endif

static NW_INLINE nw_words nw_in_16_bits(nw_words v) {
  return nw_limited(v, nw_same_words(-32768), nw_same_words(32767));
}

#endif
