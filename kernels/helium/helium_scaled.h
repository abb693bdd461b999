/* Vectors of four words with factors and shifts that all lanes share. */
#ifndef NARROW_HELIUM_SCALED_H
#define NARROW_HELIUM_SCALED_H

#include "helium/helium_vectors.h"

#if NW_HELIUM
static NW_INLINE nw_words nw_plus_scalar(nw_words v, nw_i32 addend) {
  return vaddq_n_s32(v, addend);
}

/* nw_high_words, whose second operand is `multiplier` in all lanes. */
static NW_INLINE nw_words nw_high_words_by(nw_words v, nw_i32 multiplier) {
  nw_words const x = vqrdmulhq_n_s32(v, multiplier);
  return vaddq_s32(x, vshrq_n_s32(x, 31));
}

/* floor(v * 2^shift); shift in [-31, 31] */
static NW_INLINE nw_words nw_scalar_shift(nw_words v, nw_i32 shift) {
  return vshlq_r_s32(v, shift);
}

/* floor(v * 2^shift + 1/2); shift in [-31, -1], and no overflow */
static NW_INLINE nw_words nw_rounded_shift(nw_words v, nw_i32 shift) {
  return vrshlq_n_s32(v, shift);
}

/* Limited to [-128, 127]. */
static NW_INLINE nw_words nw_saturated(nw_words v) {
#ifdef __clang__
  int16x8_t const halves = vqmovnbq_s32(vreinterpretq_s16_s32(v), v);
  return vreinterpretq_s32_s8(vqmovnbq_s16(vreinterpretq_s8_s16(halves), halves));
#else
  __asm("vqmovnb.s32 %q0, %q0" : "+w"(v)); /* without copies, */
  __asm("vqmovnb.s16 %q0, %q0" : "+w"(v)); /* in the lower byte */
  return v;
#endif
}
#else
static NW_INLINE nw_words nw_plus_scalar(nw_words v, nw_i32 addend) {
  return nw_sums(v, nw_same_words(addend));
}

static NW_INLINE nw_words nw_high_words_by(nw_words v, nw_i32 multiplier) {
  return nw_high_words(v, nw_same_words(multiplier));
}

static NW_INLINE nw_words nw_scalar_shift(nw_words v, nw_i32 shift) {
  return nw_shifted(v, nw_same_words(shift));
}

static NW_INLINE nw_words nw_rounded_shift(nw_words v, nw_i32 shift) {
  for (int i = 0; i < 4; ++i) {
    nw_i64 const sum = (nw_i64)v.lane[i] + ((nw_i64)1 << (-shift - 1));
    v.lane[i] = (nw_i32)NW_FLOOR_SHIFT(sum, -shift);
  }
  return v;
}

static NW_INLINE nw_words nw_saturated(nw_words v) {
  return nw_limited(v, nw_same_words(-128), nw_same_words(127));
}
#endif

#endif
