/* Lets a host's compiler stand in for one whose smallest addressable unit has 16 bits, as TI's for C28x.
 *
 * Given to GCC with -include, before everything else. Then, as there:
 *   char, int_least8_t and uint_least8_t have 16 bits, so values do not wrap at 8;
 *   sizeof(x) counts units of 16 bits: 1 for char, int_least8_t and int_least16_t, 2 for int_least32_t;
 *   pointers to char step from unit to unit, and the functions of <string.h> count units;
 *   int8_t, uint8_t and their limits do not exist: to name them is an error.
 * Not so: int has 32 bits here (avr-gcc shows what 16 bits change); `sizeof x` without parentheses counts octets, as a
 * macro cannot catch it (lint.py reports it); string literals consist of octets. Headers of the C library that mention
 * char have to be included before, as with -include stdio.h. */
#ifndef CHAR16_H
#define CHAR16_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void *char16_memcpy(void *to, void const *from, size_t units) {
  return memcpy(to, from, 2 * units);
}

static inline void *char16_memmove(void *to, void const *from, size_t units) {
  return memmove(to, from, 2 * units);
}

static inline void *char16_memset(void *to, int value, size_t units) {
  for (size_t i = 0; i < units; ++i) ((unsigned short *)to)[i] = (unsigned short)value;
  return to;
}

static inline int char16_memcmp(void const *left, void const *right, size_t units) {
  unsigned short const *l = left;
  unsigned short const *r = right;
  for (size_t i = 0; i < units; ++i) {
    if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
  }
  return 0;
}

#define memcpy char16_memcpy
#define memmove char16_memmove
#define memset char16_memset
#define memcmp char16_memcmp

#undef CHAR_BIT
#undef CHAR_MIN
#undef CHAR_MAX
#undef SCHAR_MIN
#undef SCHAR_MAX
#undef UCHAR_MAX
#define CHAR_BIT 16
#define CHAR_MIN SHRT_MIN
#define CHAR_MAX SHRT_MAX
#define SCHAR_MIN SHRT_MIN
#define SCHAR_MAX SHRT_MAX
#define UCHAR_MAX USHRT_MAX

#undef INT_LEAST8_MIN
#undef INT_LEAST8_MAX
#undef UINT_LEAST8_MAX
#define INT_LEAST8_MIN SHRT_MIN
#define INT_LEAST8_MAX SHRT_MAX
#define UINT_LEAST8_MAX USHRT_MAX

#undef INT8_MIN
#undef INT8_MAX
#undef UINT8_MAX
#pragma GCC poison int8_t uint8_t INT8_MIN INT8_MAX UINT8_MAX

#define char short
#define int_least8_t int_least16_t
#define uint_least8_t uint_least16_t
#define sizeof(what) (sizeof(what) / 2)

#endif
