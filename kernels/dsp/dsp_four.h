/* Words of four elements of 8 bits: what the DSP extension does with them in one instruction each, and elsewhere the
 * same in C. */
#ifndef NARROW_DSP_FOUR_H
#define NARROW_DSP_FOUR_H

#include "dsp/dsp_words.h"

#if NW_DSP
#include <arm_acle.h>

/* The larger ones of four and four elements; SEL takes what SSUB8 has found. */
static NW_INLINE nw_u32 nw_larger_four(nw_u32 a, nw_u32 b) {
  __ssub8((int8x4_t)a, (int8x4_t)b);
  return __sel(a, b);
}

static NW_INLINE nw_u32 nw_smaller_four(nw_u32 a, nw_u32 b) {
  __ssub8((int8x4_t)a, (int8x4_t)b);
  return __sel(b, a);
}

/* Two sums of 16 bits, and bytes 0 and 2; bytes 1 and 3. Sums wrap at 16 bits. */
static NW_INLINE nw_u32 nw_plus_even(nw_u32 sums, nw_u32 bytes) {
  nw_u32 out;
  __asm("sxtab16 %0, %1, %2" : "=r"(out) : "r"(sums), "r"(bytes));
  return out;
}

static NW_INLINE nw_u32 nw_plus_odd(nw_u32 sums, nw_u32 bytes) {
  nw_u32 out;
  __asm("sxtab16 %0, %1, %2, ror #8" : "=r"(out) : "r"(sums), "r"(bytes));
  return out;
}

/* low(a) * low(b), high(a) * high(b) */
static NW_INLINE nw_i32 nw_product_low(nw_u32 a, nw_u32 b) {
  nw_i32 out;
  __asm("smulbb %0, %1, %2" : "=r"(out) : "r"(a), "r"(b));
  return out;
}

static NW_INLINE nw_i32 nw_product_high(nw_u32 a, nw_u32 b) {
  nw_i32 out;
  __asm("smultt %0, %1, %2" : "=r"(out) : "r"(a), "r"(b));
  return out;
}
#else
static NW_INLINE nw_u32 nw_four_of(nw_u32 a, nw_u32 b, int larger) {
  nw_u32 out = 0;
  for (int i = 0; i < 32; i += 8) {
    nw_i32 const x = nw_signed_byte(a >> i), y = nw_signed_byte(b >> i);
    out |= ((nw_u32)((x >= y) == larger ? x : y) & 0xFFu) << i;
  }
  return out;
}

static NW_INLINE nw_u32 nw_larger_four(nw_u32 a, nw_u32 b) {
  return nw_four_of(a, b, 1);
}

static NW_INLINE nw_u32 nw_smaller_four(nw_u32 a, nw_u32 b) {
  return nw_four_of(a, b, 0);
}

static NW_INLINE nw_u32 nw_plus_even(nw_u32 sums, nw_u32 bytes) {
  return nw_word(nw_low(sums) + nw_signed_byte(bytes), nw_high(sums) + nw_signed_byte(bytes >> 16));
}

static NW_INLINE nw_u32 nw_plus_odd(nw_u32 sums, nw_u32 bytes) {
  return nw_plus_even(sums, bytes >> 8);
}

static NW_INLINE nw_i32 nw_product_low(nw_u32 a, nw_u32 b) {
  return nw_low(a) * nw_low(b);
}

static NW_INLINE nw_i32 nw_product_high(nw_u32 a, nw_u32 b) {
  return nw_high(a) * nw_high(b);
}
#endif

static NW_INLINE void nw_put_first_four(nw_i8 *to, nw_u32 bytes, nw_i32 count) {
  for (nw_i32 i = 0; i < count; ++i, bytes >>= 8) to[i] = (nw_i8)((nw_i32)((bytes & 0xFFu) ^ 0x80u) - 0x80);
}

/* Fused activations that are narrower than eight bits. */
static NW_INLINE void nw_limit_all(nw_i8 *at, nw_i32 count, nw_i32 min, nw_i32 max) {
  nw_u32 const lowest = nw_same_four(min), highest = nw_same_four(max);
  if (min <= -128 && max >= 127) return;
  for (; count >= 4; count -= 4, at += 4)
    nw_put_four_bytes(at, nw_smaller_four(nw_larger_four(nw_four_bytes(at), lowest), highest));
  for (; count > 0; --count, ++at) *at = (nw_i8)nw_clamp(*at, min, max);
}

#endif
