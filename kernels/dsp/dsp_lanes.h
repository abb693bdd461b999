/* More instructions of the DSP extension on words of two 16-bit lanes (dsp_words.h), for widths other than 8 bits. */
#ifndef NARROW_DSP_LANES_H
#define NARROW_DSP_LANES_H

#include "dsp/dsp_words.h"

#if NW_DSP
#define NW_LIMIT_INSTRUCTION(name, instruction) \
  static NW_INLINE nw_i32 name(nw_i32 a) {      \
    nw_i32 out;                                 \
    __asm(instruction : "=r"(out) : "r"(a));    \
    return out;                                 \
  }
NW_LIMIT_INSTRUCTION(nw_to_halfword, "ssat %0, #16, %1")          /* limited to [-32768, 32767] */
NW_LIMIT_INSTRUCTION(nw_to_positive_byte, "usat %0, #7, %1")      /* limited to [0, 127] */
NW_LIMIT_INSTRUCTION(nw_to_positive_halfword, "usat %0, #15, %1") /* limited to [0, 32767] */
#undef NW_LIMIT_INSTRUCTION

/* Sums of lanes, limited to 16 bits. */
static NW_INLINE nw_u32 nw_plus_lanes(nw_u32 a, nw_u32 b) {
  nw_u32 out;
  __asm("qadd16 %0, %1, %2" : "=r"(out) : "r"(a), "r"(b));
  return out;
}

/* Two 16-bit elements from any of their addresses on. */
static NW_INLINE nw_u32 nw_two_halfwords(const nw_i16 *at) {
  nw_u32 out;
  __builtin_memcpy(&out, at, 4);
  return out;
}

static NW_INLINE void nw_put_two_halfwords(nw_i16 *at, nw_u32 lanes) {
  __builtin_memcpy(at, &lanes, 4);
}

/* sum + floor(a * low(b) / 2^16) */
static NW_INLINE nw_i32 nw_mac_scaled(nw_i32 a, nw_i32 b, nw_i32 sum) {
  nw_i32 out;
  __asm("smlawb %0, %1, %2, %3" : "=r"(out) : "r"(a), "r"(b), "r"(sum));
  return out;
}
#else
static NW_INLINE nw_i32 nw_to_halfword(nw_i32 a) {
  return nw_clamp(a, -32768, 32767);
}

static NW_INLINE nw_i32 nw_to_positive_byte(nw_i32 a) {
  return nw_clamp(a, 0, 127);
}

static NW_INLINE nw_i32 nw_to_positive_halfword(nw_i32 a) {
  return nw_clamp(a, 0, 32767);
}

static NW_INLINE nw_u32 nw_plus_lanes(nw_u32 a, nw_u32 b) {
  return nw_word(nw_to_halfword(nw_low(a) + nw_low(b)), nw_to_halfword(nw_high(a) + nw_high(b)));
}

static NW_INLINE nw_u32 nw_two_halfwords(const nw_i16 *at) {
  return nw_word(at[0], at[1]);
}

static NW_INLINE void nw_put_two_halfwords(nw_i16 *at, nw_u32 lanes) {
  at[0] = (nw_i16)nw_low(lanes);
  at[1] = (nw_i16)nw_high(lanes);
}

static NW_INLINE nw_i32 nw_mac_scaled(nw_i32 a, nw_i32 b, nw_i32 sum) {
  nw_i64 const product = (nw_i64)a * nw_low((nw_u32)b);
  return nw_plus(sum, (nw_i32)NW_FLOOR_SHIFT(product, 16));
}
#endif

/* Adds two products to a sum. */
static NW_INLINE void nw_add_products(nw_i32 *sum, nw_u32 a, nw_u32 b) {
  *sum = nw_mac_both(a, b, *sum);
}

#endif
