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

#endif
