/* Copying bytes: windows are mostly a few rows of a few bytes. */
#ifndef NARROW_BLOCKED_COPY_H
#define NARROW_BLOCKED_COPY_H

#include "nw_types.h"

/* Whether four bytes may be moved as a word. */
static NW_INLINE int nw_in_words(const nw_i8 *to, const nw_i8 *from) {
#if !defined(__GNUC__)
  (void)to;
  (void)from;
  return 0;
#elif defined(__ARM_FEATURE_UNALIGNED)
  (void)to;
  (void)from;
  return 1;
#else
  return (((uintptr_t)to | (uintptr_t)from) & 3) == 0;
#endif
}

/* Where they may. */
static NW_INLINE void nw_copy_word(nw_i8 *to, const nw_i8 *from) {
#if !defined(__GNUC__)
  for (nw_i32 i = 0; i < 4; ++i) to[i] = from[i];
#elif defined(__ARM_FEATURE_UNALIGNED)
  __builtin_memcpy(to, from, 4);
#else
  __builtin_memcpy(__builtin_assume_aligned(to, 4), __builtin_assume_aligned(from, 4), 4);
#endif
}

/* Both return the end of what they have written. */
static NW_INLINE nw_i8 *nw_copy_bytes(nw_i8 *to, const nw_i8 *from, nw_i32 count) {
  if (nw_in_words(to, from))
    for (; count >= 4; count -= 4, to += 4, from += 4) nw_copy_word(to, from);
  for (; count > 0; --count) *to++ = *from++;
  return to;
}

static NW_INLINE nw_i8 *nw_repeat_byte(nw_i8 *to, nw_i32 value, nw_i32 count) {
  for (; count > 0; --count) *to++ = (nw_i8)value;
  return to;
}

#endif
