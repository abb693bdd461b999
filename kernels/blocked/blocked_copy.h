/* Copying bytes: windows are mostly a few rows of a few bytes. */
#ifndef NARROW_BLOCKED_COPY_H
#define NARROW_BLOCKED_COPY_H

#include "nw_types.h"

/* The four bytes at `from`, at any address where loads and stores of words may be at any. */
static NW_INLINE void nw_copy_four(nw_i8 *to, const nw_i8 *from) {
#if defined(__GNUC__) && defined(__ARM_FEATURE_UNALIGNED)
  __builtin_memcpy(to, from, 4);
#else
  for (nw_i32 i = 0; i < 4; ++i) to[i] = from[i];
#endif
}

/* Both return the end of what they have written. */
static NW_INLINE nw_i8 *nw_copy_bytes(nw_i8 *to, const nw_i8 *from, nw_i32 count) {
  for (; count >= 4; count -= 4, to += 4, from += 4) nw_copy_four(to, from);
  for (; count > 0; --count) *to++ = *from++;
  return to;
}

static NW_INLINE nw_i8 *nw_repeat_byte(nw_i8 *to, nw_i32 value, nw_i32 count) {
  for (; count > 0; --count) *to++ = (nw_i8)value;
  return to;
}

#endif
