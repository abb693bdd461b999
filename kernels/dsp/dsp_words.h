/* Words of two 16-bit lanes, and what the DSP extension of Armv7E-M and Armv8-M does with them in one instruction each.
 * Elsewhere the same in C, so that kernels written with them give the same integers on every machine.
 *
 * A word w has lanes low(w) and high(w), each in [-32768, 32767]. */
#ifndef NARROW_DSP_WORDS_H
#define NARROW_DSP_WORDS_H

#include "nw_types.h"

#if defined(__ARM_FEATURE_DSP) && defined(__GNUC__) && !defined(__ARM_BIG_ENDIAN)
#define NW_DSP 1
#else
#define NW_DSP 0
#endif

/* GCC moves loads of an inner loop ahead until it runs out of registers. */
#if NW_DSP && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

static NW_INLINE nw_i32 nw_low(nw_u32 w) {
  return (nw_i32)((w & 0xFFFFu) ^ 0x8000u) - 0x8000;
}

static NW_INLINE nw_i32 nw_high(nw_u32 w) {
  return nw_low(w >> 16);
}

/* Sums wrap at 32 bits. */
static NW_INLINE nw_i32 nw_plus(nw_i32 sum, nw_i32 product) {
  nw_u32 const u = ((nw_u32)sum + (nw_u32)product) & 0xFFFFFFFFu;
  return u < 0x80000000u ? (nw_i32)u : (nw_i32)(u - 0x80000000u) + NW_I32_MIN;
}

#if NW_DSP
static NW_INLINE nw_u32 nw_word(nw_i32 low, nw_i32 high) {
  nw_u32 out;
  __asm("pkhbt %0, %1, %2, lsl #16" : "=r"(out) : "r"(low), "r"(high));
  return out;
}

/* The high lanes of two words. */
static NW_INLINE nw_u32 nw_high_lanes(nw_u32 low, nw_u32 high) {
  nw_u32 out;
  __asm("pkhtb %0, %1, %2, asr #16" : "=r"(out) : "r"(high), "r"(low));
  return out;
}

#define NW_MAC_INSTRUCTION(name, instruction)                          \
  static NW_INLINE nw_i32 name(nw_u32 a, nw_u32 b, nw_i32 sum) {       \
    __asm(instruction " %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b)); \
    return sum;                                                        \
  }
NW_MAC_INSTRUCTION(nw_mac_both, "smlad")   /* sum + low(a) * low(b) + high(a) * high(b) */
NW_MAC_INSTRUCTION(nw_mac_low, "smlabb")   /* sum + low(a) * low(b) */
NW_MAC_INSTRUCTION(nw_mac_cross, "smlatb") /* sum + high(a) * low(b) */
NW_MAC_INSTRUCTION(nw_mac_under, "smlabt") /* sum + low(a) * high(b) */
#undef NW_MAC_INSTRUCTION

/* Bytes 0 and 2 of four, sign-extended, and bytes 1 and 3. */
static NW_INLINE nw_u32 nw_even_bytes(nw_u32 bytes) {
  nw_u32 out;
  __asm("sxtb16 %0, %1" : "=r"(out) : "r"(bytes));
  return out;
}

static NW_INLINE nw_u32 nw_odd_bytes(nw_u32 bytes) {
  nw_u32 out;
  __asm("sxtb16 %0, %1, ror #8" : "=r"(out) : "r"(bytes));
  return out;
}

/* The bytes of each lane change places. */
static NW_INLINE nw_u32 nw_swap_bytes(nw_u32 w) {
  nw_u32 out;
  __asm("rev16 %0, %1" : "=r"(out) : "r"(w));
  return out;
}

/* Differences of lanes, modulo 2^16. */
static NW_INLINE nw_u32 nw_minus_lanes(nw_u32 a, nw_u32 b) {
  nw_u32 out;
  __asm("ssub16 %0, %1, %2" : "=r"(out) : "r"(a), "r"(b));
  return out;
}

/* floor((a * b + 2^31) / 2^32) */
static NW_INLINE nw_i32 nw_high_word(nw_i32 a, nw_i32 b) {
  nw_i32 out;
  __asm("smmulr %0, %1, %2" : "=r"(out) : "r"(a), "r"(b));
  return out;
}

/* The same and sum. */
static NW_INLINE nw_i32 nw_add_high_word(nw_i32 sum, nw_i32 a, nw_i32 b) {
  nw_i32 out;
  __asm("smmlar %0, %1, %2, %3" : "=r"(out) : "r"(a), "r"(b), "r"(sum));
  return out;
}

/* v limited to [-128, 127] */
static NW_INLINE nw_i32 nw_to_byte(nw_i32 v) {
  nw_i32 out;
  __asm("ssat %0, #8, %1" : "=r"(out) : "r"(v));
  return out;
}

/* The two words at `at`, which is aligned to a word, and the place behind them. */
static NW_INLINE const nw_u32 *nw_two_words(const nw_u32 *at, nw_u32 *first, nw_u32 *second) {
  nw_u32 a, b;
  __asm("ldrd %0, %1, [%2], #8" : "=&r"(a), "=&r"(b), "+r"(at) : "m"(*(const nw_u32(*)[2])at));
  *first = a;
  *second = b;
  return at;
}

/* The two words at `at`, and the place of the second one. */
static NW_INLINE const nw_u32 *nw_two_words_by_one(const nw_u32 *at, nw_u32 *first, nw_u32 *second) {
  nw_u32 a, b;
  __asm("ldrd %0, %1, [%2], #4" : "=&r"(a), "=&r"(b), "+r"(at) : "m"(*(const nw_u32(*)[2])at));
  *first = a;
  *second = b;
  return at;
}

/* The three or four words at `at`, and the place behind them. Loads of several words need registers in ascending order.
 */
static NW_INLINE const nw_u32 *nw_three_words(const nw_u32 *at, nw_u32 *first, nw_u32 *second, nw_u32 *third) {
  register nw_u32 a __asm("r4"), b __asm("r5"), c __asm("r6");
  __asm("ldmia %3!, {%0, %1, %2}" : "=r"(a), "=r"(b), "=r"(c), "+r"(at) : "m"(*(const nw_u32(*)[3])at));
  *first = a;
  *second = b;
  *third = c;
  return at;
}

static NW_INLINE const nw_u32 *nw_four_words(const nw_u32 *at, nw_u32 *first, nw_u32 *second, nw_u32 *third,
                                             nw_u32 *fourth) {
  register nw_u32 a __asm("r3"), b __asm("r4"), c __asm("r5"), d __asm("r6");
  __asm("ldmia %4!, {%0, %1, %2, %3}" : "=r"(a), "=r"(b), "=r"(c), "=r"(d), "+r"(at) : "m"(*(const nw_u32(*)[4])at));
  *first = a;
  *second = b;
  *third = c;
  *fourth = d;
  return at;
}

static NW_INLINE void nw_put_two_words(nw_u32 *at, nw_u32 first, nw_u32 second) {
  __asm("strd %1, %2, %0" : "=m"(*(nw_u32(*)[2])at) : "r"(first), "r"(second));
}

/* Writes three and six words, and returns the place behind them. */
static NW_INLINE nw_u32 *nw_put_three_words(nw_u32 *at, nw_u32 first, nw_u32 second, nw_u32 third) {
  register nw_u32 a __asm("r4") = first, b __asm("r5") = second, c __asm("r6") = third;
  __asm("stmia %0!, {%2, %3, %4}" : "+r"(at), "=m"(*(nw_u32(*)[3])at) : "r"(a), "r"(b), "r"(c));
  return at;
}

static NW_INLINE nw_u32 *nw_put_six_words(nw_u32 *at, nw_u32 first, nw_u32 second, nw_u32 third, nw_u32 fourth,
                                          nw_u32 fifth, nw_u32 sixth) {
  register nw_u32 a __asm("r4") = first, b __asm("r5") = second, c __asm("r6") = third;
  register nw_u32 d __asm("r8") = fourth, e __asm("r9") = fifth, f __asm("r10") = sixth;
  __asm("stmia %0!, {%2, %3, %4, %5, %6, %7}"
        : "+r"(at), "=m"(*(nw_u32(*)[6])at)
        : "r"(a), "r"(b), "r"(c), "r"(d), "r"(e), "r"(f));
  return at;
}

/* Four bytes from any address on. */
static NW_INLINE nw_u32 nw_four_bytes(const nw_i8 *at) {
  nw_u32 out;
  __builtin_memcpy(&out, at, 4);
  return out;
}

static NW_INLINE void nw_put_four_bytes(nw_i8 *at, nw_u32 bytes) {
  __builtin_memcpy(at, &bytes, 4);
}

/* Two bytes from any address on; what is above them is not defined. */
static NW_INLINE nw_i32 nw_two_bytes(const nw_i8 *at) {
  nw_i16 out;
  __builtin_memcpy(&out, at, 2);
  return out;
}

/* The low lane of a word. */
static NW_INLINE void nw_put_lane(nw_i8 *at, nw_u32 word) {
  nw_u16 const lane = (nw_u16)word;
  __builtin_memcpy(at, &lane, 2);
}
#else
static NW_INLINE nw_u32 nw_word(nw_i32 low, nw_i32 high) {
  return ((nw_u32)low & 0xFFFFu) | ((nw_u32)high << 16);
}

static NW_INLINE nw_u32 nw_high_lanes(nw_u32 low, nw_u32 high) {
  return (low >> 16) | (high & 0xFFFF0000u);
}

static NW_INLINE nw_i32 nw_mac_low(nw_u32 a, nw_u32 b, nw_i32 sum) {
  return nw_plus(sum, nw_low(a) * nw_low(b));
}

static NW_INLINE nw_i32 nw_mac_cross(nw_u32 a, nw_u32 b, nw_i32 sum) {
  return nw_plus(sum, nw_high(a) * nw_low(b));
}

static NW_INLINE nw_i32 nw_mac_under(nw_u32 a, nw_u32 b, nw_i32 sum) {
  return nw_plus(sum, nw_low(a) * nw_high(b));
}

static NW_INLINE nw_i32 nw_mac_both(nw_u32 a, nw_u32 b, nw_i32 sum) {
  return nw_plus(nw_mac_low(a, b, sum), nw_high(a) * nw_high(b));
}

static NW_INLINE nw_i32 nw_signed_byte(nw_u32 v) {
  return (nw_i32)((v & 0xFFu) ^ 0x80u) - 0x80;
}

static NW_INLINE nw_u32 nw_even_bytes(nw_u32 bytes) {
  return nw_word(nw_signed_byte(bytes), nw_signed_byte(bytes >> 16));
}

static NW_INLINE nw_u32 nw_odd_bytes(nw_u32 bytes) {
  return nw_word(nw_signed_byte(bytes >> 8), nw_signed_byte(bytes >> 24));
}

static NW_INLINE nw_u32 nw_swap_bytes(nw_u32 w) {
  return (w & 0x00FF00FFu) << 8 | ((w >> 8) & 0x00FF00FFu);
}

static NW_INLINE nw_u32 nw_minus_lanes(nw_u32 a, nw_u32 b) {
  return nw_word(nw_low(a) - nw_low(b), nw_high(a) - nw_high(b));
}

static NW_INLINE nw_i32 nw_high_word(nw_i32 a, nw_i32 b) {
  nw_i64 const product = (nw_i64)a * b + ((nw_i64)1 << 31);
  return (nw_i32)NW_FLOOR_SHIFT(product, 32);
}

static NW_INLINE nw_i32 nw_add_high_word(nw_i32 sum, nw_i32 a, nw_i32 b) {
  return nw_plus(sum, nw_high_word(a, b));
}

static NW_INLINE nw_i32 nw_to_byte(nw_i32 v) {
  return nw_clamp(v, -128, 127);
}

static NW_INLINE const nw_u32 *nw_two_words(const nw_u32 *at, nw_u32 *first, nw_u32 *second) {
  *first = at[0];
  *second = at[1];
  return at + 2;
}

static NW_INLINE const nw_u32 *nw_two_words_by_one(const nw_u32 *at, nw_u32 *first, nw_u32 *second) {
  *first = at[0];
  *second = at[1];
  return at + 1;
}

static NW_INLINE const nw_u32 *nw_three_words(const nw_u32 *at, nw_u32 *first, nw_u32 *second, nw_u32 *third) {
  *third = at[2];
  return nw_two_words(at, first, second) + 1;
}

static NW_INLINE const nw_u32 *nw_four_words(const nw_u32 *at, nw_u32 *first, nw_u32 *second, nw_u32 *third,
                                             nw_u32 *fourth) {
  return nw_two_words(nw_two_words(at, first, second), third, fourth);
}

static NW_INLINE void nw_put_two_words(nw_u32 *at, nw_u32 first, nw_u32 second) {
  at[0] = first;
  at[1] = second;
}

static NW_INLINE nw_u32 *nw_put_three_words(nw_u32 *at, nw_u32 first, nw_u32 second, nw_u32 third) {
  nw_put_two_words(at, first, second);
  at[2] = third;
  return at + 3;
}

static NW_INLINE nw_u32 *nw_put_six_words(nw_u32 *at, nw_u32 first, nw_u32 second, nw_u32 third, nw_u32 fourth,
                                          nw_u32 fifth, nw_u32 sixth) {
  return nw_put_three_words(nw_put_three_words(at, first, second, third), fourth, fifth, sixth);
}

static NW_INLINE nw_u32 nw_four_bytes(const nw_i8 *at) {
  return ((nw_u32)at[0] & 0xFFu) | ((nw_u32)at[1] & 0xFFu) << 8 | ((nw_u32)at[2] & 0xFFu) << 16 |
         ((nw_u32)at[3] & 0xFFu) << 24;
}

static NW_INLINE void nw_put_four_bytes(nw_i8 *at, nw_u32 bytes) {
  for (int i = 0; i < 4; ++i, bytes >>= 8) at[i] = (nw_i8)nw_signed_byte(bytes);
}

static NW_INLINE nw_i32 nw_two_bytes(const nw_i8 *at) {
  return (nw_i32)(((nw_u32)at[0] & 0xFFu) | ((nw_u32)at[1] & 0xFFu) << 8);
}

static NW_INLINE void nw_put_lane(nw_i8 *at, nw_u32 word) {
  at[0] = (nw_i8)nw_signed_byte(word);
  at[1] = (nw_i8)nw_signed_byte(word >> 8);
}
#endif

/* The same byte four times. */
static NW_INLINE nw_u32 nw_same_four(nw_i32 value) {
  return ((nw_u32)value & 0xFFu) * 0x01010101u;
}

/* The first `count` of four bytes, of which no more are read, and zeros. */
static NW_INLINE nw_u32 nw_few_bytes(const nw_i8 *from, nw_i32 count) {
  nw_u32 bytes = 0;
  for (nw_i32 i = 0; i < count; ++i) bytes |= ((nw_u32)from[i] & 0xFFu) << (8 * i);
  return bytes;
}

#endif
