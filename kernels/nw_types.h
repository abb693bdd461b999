/* Integer types of every kernel. Least-width types only: exact-width names do not exist on chips whose
 * smallest addressable unit is 16 bits, and nothing here relies on wrap-around at a width. */
#ifndef NARROW_NW_TYPES_H
#define NARROW_NW_TYPES_H

#include <stdint.h>

typedef int_least8_t nw_i8;    /* [-128, 127] */
typedef uint_least8_t nw_u8;   /* [0, 255] */
typedef int_least16_t nw_i16;  /* [-32768, 32767] */
typedef uint_least16_t nw_u16; /* [0, 65535] */
typedef int_least32_t nw_i32;
typedef uint_least32_t nw_u32;
typedef int_least64_t nw_i64;
typedef uint_least64_t nw_u64;

typedef unsigned char nw_char; /* what sizeof and offsets count */

#define NW_I32_MAX 2147483647L
#define NW_I32_MIN (-NW_I32_MAX - 1L)

/* Of constants that are not computed: weights, biases, tables, parameters. Where reading constants takes instructions
 * of its own, as on AVR, this is the address space in which they lie, so that they stay in flash; elsewhere it is
 * nothing. It needs GNU C (-std=gnu99 or later): without it, constants are copied to RAM when the program begins.
 * __flash reaches the first 64 kB; -DNW_FLASH=__memx reaches all, in more time. */
#ifndef NW_FLASH
#if defined(__FLASH) && !defined(__STRICT_ANSI__) && !defined(__cplusplus)
#define NW_FLASH __flash
#else
#define NW_FLASH
#endif
#endif

/* Where it makes a low-overhead loop of Armv8.1-M out of one that counts down by two or more, GCC 12.2 leaves out a
 * test of the counter that follows, at -Os. */
#if (defined(__ARM_ARCH_8M_MAIN__) || defined(__ARM_ARCH_8_1M_MAIN__)) && defined(__OPTIMIZE_SIZE__) && \
    defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-branch-count-reg")
#endif

/* Of functions whose loops are to have the registers of a chip to themselves. */
#ifdef __GNUC__
#define NW_NOINLINE __attribute__((noinline))
#else
#define NW_NOINLINE
#endif

/* Of functions that are an instruction or two, also where the compiler is asked for small code. */
#ifdef __GNUC__
#define NW_INLINE inline __attribute__((always_inline))
#else
#define NW_INLINE inline
#endif

/* floor(v / 2^bits) for a signed v: what >> does with negative numbers is left to the compiler by C99. */
#if (-1 >> 1) == -1
#define NW_FLOOR_SHIFT(v, bits) ((v) >> (bits))
#else
#define NW_FLOOR_SHIFT(v, bits) ((v) >= 0 ? (v) >> (bits) : ~(~(v) >> (bits)))
#endif

/* v limited to [lo, hi]; lo <= hi. */
static inline nw_i32 nw_clamp(nw_i32 v, nw_i32 lo, nw_i32 hi) {
  return v < lo ? lo : (v > hi ? hi : v);
}

#endif
