/* Copying and filling memory. Sizes are what sizeof counts.
 *
 * They are memcpy and memset of the C library, which compilers know; with NW_WITHOUT_STRING_H defined they are loops,
 * for tool chains without <string.h>. Compilers may make calls of memcpy and memset of loops: with GCC and clang add
 * -fno-builtin and, for GCC, -fno-tree-loop-distribute-patterns where the functions do not exist at all. */
#ifndef NARROW_NW_MEMORY_H
#define NARROW_NW_MEMORY_H

#include <stddef.h>

#include "nw_types.h"

#ifdef NW_WITHOUT_STRING_H

/* `to` and `from` do not overlap. */
static inline void nw_memcpy(void *to, const void *from, size_t size) {
  nw_char *out = (nw_char *)to;
  const nw_char *in = (const nw_char *)from;
  while (size-- > 0) *out++ = *in++;
}

/* `value` is that of one nw_char. */
static inline void nw_memset(void *to, int value, size_t size) {
  nw_char *out = (nw_char *)to;
  while (size-- > 0) *out++ = (nw_char)value;
}

#else

#include <string.h>

#define nw_memcpy memcpy
#define nw_memset memset

#endif

/* Runs of bytes, most of them short, which a call of memcpy or memset would cost more than the copying: on processors
 * that load words from any address by vectors where there are any, then by words, then by bytes. */
#if defined(__GNUC__) && defined(__thumb2__) && defined(__ARM_FEATURE_UNALIGNED) && !defined(NW_WITHOUT_STRING_H)

typedef nw_u8 nw_sixteen_bytes __attribute__((vector_size(16), aligned(1), may_alias));

/* The 16 bytes at `*from`, which moves behind them; and the other way round. */
static NW_INLINE nw_sixteen_bytes nw_take_sixteen(const nw_char **from) {
  nw_sixteen_bytes out;
#if defined(__ARM_FEATURE_MVE) && !defined(__clang__)
  /* GCC adds up addresses apart from loads and stores. */
  __asm("vldrb.8 %q0, [%1], #16" : "=w"(out), "+r"(*from) : "m"(*(const nw_sixteen_bytes *)(const void *)*from));
#else
  out = *(const nw_sixteen_bytes *)(const void *)*from;
  *from += 16;
#endif
  return out;
}

static NW_INLINE void nw_put_sixteen(nw_char **to, nw_sixteen_bytes v) {
#if defined(__ARM_FEATURE_MVE) && !defined(__clang__)
  __asm("vstrb.8 %q2, [%0], #16" : "+r"(*to), "=m"(*(nw_sixteen_bytes *)(void *)*to) : "w"(v));
#else
  *(nw_sixteen_bytes *)(void *)*to = v;
  *to += 16;
#endif
}

/* `to` and `from` do not overlap. */
static NW_INLINE void nw_copy_run(void *to, const void *from, size_t size) {
  nw_char *out = (nw_char *)to;
  const nw_char *in = (const nw_char *)from;
#ifdef __ARM_FEATURE_MVE
  for (; size >= 64; size -= 64) {
    nw_sixteen_bytes const a = nw_take_sixteen(&in), b = nw_take_sixteen(&in);
    nw_sixteen_bytes const c = nw_take_sixteen(&in), d = nw_take_sixteen(&in);
    nw_put_sixteen(&out, a);
    nw_put_sixteen(&out, b);
    nw_put_sixteen(&out, c);
    nw_put_sixteen(&out, d);
  }
#else
  if (((uintptr_t)out | (uintptr_t)in) % 4 == 0)
    for (; size >= 32; size -= 32, out += 32, in += 32)
      memcpy(__builtin_assume_aligned(out, 4), __builtin_assume_aligned(in, 4), 32);
#endif
  for (; size >= 16; size -= 16) nw_put_sixteen(&out, nw_take_sixteen(&in));
  if (size == 0) return;
  for (; size >= 4; size -= 4, out += 4, in += 4) memcpy(out, in, 4);
  for (; size > 0; --size) *out++ = *in++;
}

static NW_INLINE void nw_fill_run(void *to, int value, size_t size) {
  nw_char *out = (nw_char *)to;
  nw_u32 const word = (nw_u32)(nw_char)value * 0x01010101u;
#ifdef __ARM_FEATURE_MVE
  nw_sixteen_bytes const sixteen = (nw_u8)value - (nw_sixteen_bytes){0};
  for (; size >= 16; size -= 16) nw_put_sixteen(&out, sixteen);
#else
  for (; size >= 16; size -= 16, out += 16) {
    memcpy(out, &word, 4);
    memcpy(out + 4, &word, 4);
    memcpy(out + 8, &word, 4);
    memcpy(out + 12, &word, 4);
  }
#endif
  if (size == 0) return;
  for (; size >= 4; size -= 4, out += 4) memcpy(out, &word, 4);
  for (; size > 0; --size) *out++ = (nw_char)value;
}

#else

#define nw_copy_run nw_memcpy
#define nw_fill_run nw_memset

#endif

#endif
