/* What loops for processors without the DSP extension are written with: C for all of them, and where registers are few
 * and GCC wastes some, single instructions of Thumb-2. */
#ifndef NARROW_BLOCKED_WORDS_H
#define NARROW_BLOCKED_WORDS_H

#include "nw_types.h"

#if defined(__thumb2__) && defined(__GNUC__)
#define NW_THUMB2 1
#else
#define NW_THUMB2 0
#endif

/* Armv6-M: eight registers, and no products of 64 bits. */
#if defined(__thumb__) && !defined(__thumb2__) && defined(__GNUC__)
#define NW_THUMB1 1
#else
#define NW_THUMB1 0
#endif

/* GCC moves loads of an inner loop ahead until it runs out of registers. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

/* floor((a * b + 2^31) / 2^32), |a * b| < 2^62, b >= 0 */
#if NW_THUMB1
static NW_NOINLINE nw_i32 nw_high_word(nw_i32 a, nw_i32 b) {
  nw_i32 const high = a >> 16, low = a & 0xFFFF, b_high = b >> 16, b_low = b & 0xFFFF;
  nw_i32 const first = high * b_low, second = low * b_high;
  nw_i32 const rest = (nw_i32)(((nw_u32)low * (nw_u32)b_low) >> 16) + (first & 0xFFFF) + (second & 0xFFFF) + 0x8000;
  return high * b_high + (first >> 16) + (second >> 16) + (rest >> 16);
}
#else
static NW_INLINE nw_i32 nw_high_word(nw_i32 a, nw_i32 b) {
  nw_i64 const product = (nw_i64)a * b;
  return (nw_i32)NW_FLOOR_SHIFT(product, 32) + (nw_i32)(((nw_u32)product & 0xFFFFFFFFu) >> 31);
}
#endif

static NW_INLINE nw_i32 nw_add_high_word(nw_i32 sum, nw_i32 a, nw_i32 b) {
  return sum + nw_high_word(a, b);
}

/* v limited to [-128, 127] */
static NW_INLINE nw_i32 nw_to_byte(nw_i32 v) {
#if NW_THUMB2
  nw_i32 out;
  __asm("ssat %0, #8, %1" : "=r"(out) : "r"(v));
  return out;
#else
  return nw_clamp(v, -128, 127);
#endif
}

/* The byte at `*at`, which moves on to the next one. */
static NW_INLINE nw_i32 nw_next_byte(const nw_i8 **at) {
#if NW_THUMB2
  const nw_i8 *p = *at;
  nw_i32 out;
  __asm("ldrsb %0, [%1], #1" : "=r"(out), "+r"(p) : "m"(*p));
  *at = p;
  return out;
#else
  return *(*at)++;
#endif
}

/* Adds a product to a sum in its register. */
static NW_INLINE void nw_add_product(nw_i32 *sum, nw_i32 a, nw_i32 b) {
#if NW_THUMB2
  nw_i32 s = *sum;
  __asm("mla %0, %1, %2, %0" : "+r"(s) : "r"(a), "r"(b));
  *sum = s;
#elif defined(__GNUC__)
  nw_i32 s = *sum + a * b;
  __asm volatile("" : "+r"(s)); /* or GCC adds up products first, in more registers than there are */
  *sum = s;
#else
  *sum += a * b;
#endif
}

#endif
