/* Positions that an operand holds when the op runs. */
#ifndef NARROW_INDEX_H
#define NARROW_INDEX_H

#include "nw_memory.h"
#include "nw_types.h"

/* Integer i of `indices`, whose integers take 2, 4 or 8 bytes, as sizeof counts; the nearest in [first, last] where it
 * lies outside. */
static inline nw_i32 nw_index_between(const void *indices, nw_i32 i, nw_i32 bytes, nw_i32 first, nw_i32 last) {
  const char *const at = (const char *)indices + (size_t)i * (size_t)bytes;
  nw_i64 v;
  if (bytes == (nw_i32)sizeof(nw_i16)) {
    nw_i16 half;
    nw_memcpy(&half, at, sizeof(half));
    v = half;
  } else if (bytes == (nw_i32)sizeof(nw_i32)) {
    nw_i32 word;
    nw_memcpy(&word, at, sizeof(word));
    v = word;
  } else {
    nw_memcpy(&v, at, sizeof(v));
  }
  return v < first ? first : v > last ? last : (nw_i32)v;
}

/* The same in [0, last]. */
static inline nw_i32 nw_index(const void *indices, nw_i32 i, nw_i32 bytes, nw_i32 last) {
  return nw_index_between(indices, i, bytes, 0, last);
}

#endif
