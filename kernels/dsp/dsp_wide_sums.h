/* Sums of 64 bits, of products of 16-bit elements with 16-bit weights, and what becomes of them. */
#ifndef NARROW_DSP_WIDE_SUMS_H
#define NARROW_DSP_WIDE_SUMS_H

#include "dsp/dsp_results.h"
#include "dsp/dsp_spread.h"

/* low + 2^32 high */
typedef struct {
  nw_u32 low;
  nw_i32 high;
} nw_wide_sum;

#if NW_DSP
#define NW_WIDE_INSTRUCTION(name, instruction)                                           \
  static NW_INLINE void name(nw_wide_sum *s, nw_u32 a, nw_u32 b) {                       \
    __asm(instruction " %0, %1, %2, %3" : "+r"(s->low), "+r"(s->high) : "r"(a), "r"(b)); \
  }
NW_WIDE_INSTRUCTION(nw_add_wide, "smlald")        /* adds low(a) * low(b) + high(a) * high(b) */
NW_WIDE_INSTRUCTION(nw_add_wide_cross, "smlaltb") /* adds high(a) * low(b) */
NW_WIDE_INSTRUCTION(nw_add_wide_under, "smlalbt") /* adds low(a) * high(b) */
#undef NW_WIDE_INSTRUCTION
#else
static NW_INLINE void nw_add_to_wide(nw_wide_sum *s, nw_i32 product) {
  nw_i64 const sum = (nw_i64)s->high * 4294967296 + s->low + product;
  s->low = (nw_u32)((nw_u64)sum & 0xFFFFFFFFu);
  s->high = (nw_i32)NW_FLOOR_SHIFT(sum, 32);
}

static NW_INLINE void nw_add_wide(nw_wide_sum *s, nw_u32 a, nw_u32 b) {
  nw_add_to_wide(s, nw_low(a) * nw_low(b));
  nw_add_to_wide(s, nw_high(a) * nw_high(b));
}

static NW_INLINE void nw_add_wide_cross(nw_wide_sum *s, nw_u32 a, nw_u32 b) {
  nw_add_to_wide(s, nw_high(a) * nw_low(b));
}

static NW_INLINE void nw_add_wide_under(nw_wide_sum *s, nw_u32 a, nw_u32 b) {
  nw_add_to_wide(s, nw_low(a) * nw_high(b));
}
#endif

/* A channel's record: where sums begin (low and high word), multiplier in [0, 2^31 - 1], half (low and high word),
 * shift in [0, 30]: the result is floor((sum * multiplier + half) / 2^(32 + shift)), within 32 bits before the shift.
 */
enum { NW_WIDE_WORDS = 6 };

static NW_INLINE nw_wide_sum nw_wide_begin(const nw_i32 *record) {
  nw_wide_sum s;
  s.low = (nw_u32)record[0];
  s.high = record[1];
  return s;
}

static NW_INLINE nw_i32 nw_wide_scaled(nw_wide_sum s, const nw_i32 *record) {
  nw_u32 const multiplier = (nw_u32)record[2];
  nw_u64 const low = (nw_u64)s.low * multiplier + (nw_u32)record[3];
  nw_u32 const high = (nw_u32)(low >> 32) + (nw_u32)s.high * multiplier + (nw_u32)record[4];
  nw_i32 const v = high < 0x80000000u ? (nw_i32)high : (nw_i32)(high - 0x80000000u) + NW_I32_MIN;
  return NW_FLOOR_SHIFT(v, record[5]);
}

#endif
