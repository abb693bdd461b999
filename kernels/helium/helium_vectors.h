/* Vectors of 16 bytes and of four words, and what the M-profile vector extension (Helium) does with them in one
 * instruction each, or few. Elsewhere the same in C, so that kernels written with them give the same integers on every
 * machine. */
#ifndef NARROW_HELIUM_VECTORS_H
#define NARROW_HELIUM_VECTORS_H

#include "nw_types.h"

#if defined(__ARM_FEATURE_MVE) && defined(__GNUC__) && !defined(__ARM_BIG_ENDIAN)
#if __ARM_FEATURE_MVE & 1
#define NW_HELIUM 1
#endif
#endif
#ifndef NW_HELIUM
#define NW_HELIUM 0
#endif

#if NW_HELIUM
#include <arm_mve.h>

typedef int8x16_t nw_bytes;
typedef int32x4_t nw_words;

static NW_INLINE nw_bytes nw_bytes_at(const nw_i8 *at) {
  return vldrbq_s8(at);
}

/* The 16 bytes at `*at`, which moves behind them. */
static NW_INLINE nw_bytes nw_next_bytes(const nw_i8 **at) {
  nw_bytes v;
#ifdef __clang__
  v = vldrbq_s8(*at);
  *at += 16;
#else
  __asm("vldrb.8 %q0, [%1], #16" : "=w"(v), "+r"(*at) : "m"(*(const nw_i8(*)[16]) * at));
#endif
  return v;
}

/* The first `count` of 16 bytes, of which no more are read, and zeros. */
static NW_INLINE nw_bytes nw_first_bytes(const nw_i8 *at, nw_i32 count) {
  return vldrbq_z_s8(at, vctp8q((uint32_t)count));
}

static NW_INLINE nw_bytes nw_same_bytes(nw_i32 value) {
  return vdupq_n_s8((int8_t)value);
}

static NW_INLINE void nw_put_bytes(nw_i8 *to, nw_bytes v) {
  vstrbq_s8(to, v);
}

/* The first `count` of 16 bytes. */
static NW_INLINE void nw_put_first_bytes(nw_i8 *to, nw_bytes v, nw_i32 count) {
  vstrbq_p_s8(to, v, vctp8q((uint32_t)count));
}

static NW_INLINE nw_bytes nw_limited_bytes(nw_bytes v, nw_i32 min, nw_i32 max) {
  return vminq_s8(vmaxq_s8(v, nw_same_bytes(min)), nw_same_bytes(max));
}

/* The sum of the products of all bytes, and one more such sum. */
static NW_INLINE nw_i32 nw_dot(nw_bytes a, nw_bytes b) {
  return vmladavq_s8(a, b);
}

static NW_INLINE nw_i32 nw_dot_more(nw_i32 sum, nw_bytes a, nw_bytes b) {
  return vmladavaq_s8(sum, a, b);
}

static NW_INLINE nw_words nw_words_at(const nw_i32 *at) {
  return vldrwq_s32(at);
}

/* The four words at `*at`, which moves behind them. */
static NW_INLINE nw_words nw_next_words(const nw_i32 **at) {
  nw_words v;
#ifdef __clang__
  v = vldrwq_s32(*at);
  *at += 4;
#else
  __asm("vldrw.32 %q0, [%1], #16" : "=w"(v), "+r"(*at) : "m"(*(const nw_i32(*)[4]) * at));
#endif
  return v;
}

static NW_INLINE nw_words nw_four_words(nw_i32 a, nw_i32 b, nw_i32 c, nw_i32 d) {
#ifdef __clang__
  return vsetq_lane_s32(d, vsetq_lane_s32(c, vsetq_lane_s32(b, vsetq_lane_s32(a, vuninitializedq_s32(), 0), 1), 2), 3);
#else
  nw_words v;
  __asm("vmov %q0[2], %q0[0], %1, %2\n\tvmov %q0[3], %q0[1], %3, %4" : "=&w"(v) : "r"(a), "r"(c), "r"(b), "r"(d));
  return v;
#endif
}

static NW_INLINE nw_words nw_same_words(nw_i32 value) {
  return vdupq_n_s32(value);
}

static NW_INLINE nw_words nw_sums(nw_words a, nw_words b) {
  return vaddq_s32(a, b);
}

static NW_INLINE nw_words nw_products(nw_words a, nw_words b) {
  return vmulq_s32(a, b);
}

/* floor(v * 2^shift); shift in [-31, 31] */
static NW_INLINE nw_words nw_shifted(nw_words v, nw_words shift) {
  return vshlq_s32(v, shift);
}

/* floor((a * b + 2^30) / 2^31), less 1 where that is negative; not both -2^31 */
static NW_INLINE nw_words nw_high_words(nw_words a, nw_words b) {
  nw_words const x = vqrdmulhq_s32(a, b);
  return vaddq_s32(x, vshrq_n_s32(x, 31));
}

static NW_INLINE nw_words nw_limited(nw_words v, nw_words min, nw_words max) {
  return vminq_s32(vmaxq_s32(v, min), max);
}

/* Four bytes as words. */
static NW_INLINE nw_words nw_widened(const nw_i8 *at) {
  return vldrbq_s32(at);
}

/* The first `count` of four bytes as words, of which no more are read, and zeros. */
static NW_INLINE nw_words nw_first_widened(const nw_i8 *at, nw_i32 count) {
  return vldrbq_z_s32(at, vctp32q((uint32_t)count));
}

/* The lower bytes of four words. */
static NW_INLINE void nw_put_narrowed(nw_i8 *to, nw_words v) {
  vstrbq_s32(to, v);
}

/* The lower bytes of the first `count` of four words. */
static NW_INLINE void nw_put_first_narrowed(nw_i8 *to, nw_words v, nw_i32 count) {
  vstrbq_p_s32(to, v, vctp32q((uint32_t)count));
}
#else
typedef struct {
  nw_i8 lane[16];
} nw_bytes;
typedef struct {
  nw_i32 lane[4];
} nw_words;

static NW_INLINE nw_bytes nw_first_bytes(const nw_i8 *at, nw_i32 count) {
  nw_bytes v;
  for (int i = 0; i < 16; ++i) v.lane[i] = i < count ? at[i] : (nw_i8)0;
  return v;
}

static NW_INLINE nw_bytes nw_bytes_at(const nw_i8 *at) {
  return nw_first_bytes(at, 16);
}

static NW_INLINE nw_bytes nw_next_bytes(const nw_i8 **at) {
  nw_bytes const v = nw_bytes_at(*at);
  *at += 16;
  return v;
}

static NW_INLINE nw_bytes nw_same_bytes(nw_i32 value) {
  nw_bytes v;
  for (int i = 0; i < 16; ++i) v.lane[i] = (nw_i8)value;
  return v;
}

static NW_INLINE void nw_put_bytes(nw_i8 *to, nw_bytes v) {
  for (int i = 0; i < 16; ++i) to[i] = v.lane[i];
}

static NW_INLINE void nw_put_first_bytes(nw_i8 *to, nw_bytes v, nw_i32 count) {
  for (int i = 0; i < 16 && i < count; ++i) to[i] = v.lane[i];
}

static NW_INLINE nw_bytes nw_limited_bytes(nw_bytes v, nw_i32 min, nw_i32 max) {
  for (int i = 0; i < 16; ++i) v.lane[i] = (nw_i8)nw_clamp(v.lane[i], min, max);
  return v;
}

static NW_INLINE nw_i32 nw_dot_more(nw_i32 sum, nw_bytes a, nw_bytes b) {
  for (int i = 0; i < 16; ++i) sum += (nw_i32)a.lane[i] * b.lane[i];
  return sum;
}

static NW_INLINE nw_i32 nw_dot(nw_bytes a, nw_bytes b) {
  return nw_dot_more(0, a, b);
}

static NW_INLINE nw_words nw_four_words(nw_i32 a, nw_i32 b, nw_i32 c, nw_i32 d) {
  nw_words const v = {{a, b, c, d}};
  return v;
}

static NW_INLINE nw_words nw_words_at(const nw_i32 *at) {
  return nw_four_words(at[0], at[1], at[2], at[3]);
}

static NW_INLINE nw_words nw_next_words(const nw_i32 **at) {
  nw_words const v = nw_words_at(*at);
  *at += 4;
  return v;
}

static NW_INLINE nw_words nw_same_words(nw_i32 value) {
  return nw_four_words(value, value, value, value);
}

static NW_INLINE nw_words nw_sums(nw_words a, nw_words b) {
  for (int i = 0; i < 4; ++i) a.lane[i] += b.lane[i];
  return a;
}

static NW_INLINE nw_words nw_products(nw_words a, nw_words b) {
  for (int i = 0; i < 4; ++i) a.lane[i] *= b.lane[i];
  return a;
}

static NW_INLINE nw_words nw_shifted(nw_words v, nw_words shift) {
  for (int i = 0; i < 4; ++i)
    v.lane[i] =
        shift.lane[i] < 0 ? NW_FLOOR_SHIFT(v.lane[i], -shift.lane[i]) : (nw_i32)((nw_u32)v.lane[i] << shift.lane[i]);
  return v;
}

static NW_INLINE nw_words nw_high_words(nw_words a, nw_words b) {
  for (int i = 0; i < 4; ++i) {
    nw_i64 const product = (nw_i64)a.lane[i] * b.lane[i] + ((nw_i64)1 << 30);
    a.lane[i] = (nw_i32)NW_FLOOR_SHIFT(product, 31);
    a.lane[i] -= a.lane[i] < 0;
  }
  return a;
}

static NW_INLINE nw_words nw_limited(nw_words v, nw_words min, nw_words max) {
  for (int i = 0; i < 4; ++i) v.lane[i] = nw_clamp(v.lane[i], min.lane[i], max.lane[i]);
  return v;
}

static NW_INLINE nw_words nw_first_widened(const nw_i8 *at, nw_i32 count) {
  nw_words v;
  for (int i = 0; i < 4; ++i) v.lane[i] = i < count ? at[i] : 0;
  return v;
}

static NW_INLINE nw_words nw_widened(const nw_i8 *at) {
  return nw_first_widened(at, 4);
}

static NW_INLINE void nw_put_first_narrowed(nw_i8 *to, nw_words v, nw_i32 count) {
  for (int i = 0; i < 4 && i < count; ++i) to[i] = (nw_i8)v.lane[i];
}

static NW_INLINE void nw_put_narrowed(nw_i8 *to, nw_words v) {
  nw_put_first_narrowed(to, v, 4);
}
#endif

/* Elements up to whole vectors of bytes. */
#define NW_WHOLE_VECTORS(elements) (((elements) + 15) / 16 * 16)

#endif
