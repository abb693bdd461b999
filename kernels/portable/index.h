/* Positions that an operand holds when the op runs. */
#ifndef NARROW_INDEX_H
#define NARROW_INDEX_H

#include <string.h>

#include "../nw_types.h"

/* Integer i of `indices`, whose integers take 2, 4 or 8 bytes, as sizeof counts; the nearest in [0, last] where it lies
 * outside. */
static inline nw_i32 nw_index(void const *indices, nw_i32 i, nw_i32 bytes, nw_i32 last) {
  char const *const at = (char const *)indices + (size_t)i * (size_t)bytes;
  nw_i64 v;
  if (bytes == (nw_i32)sizeof(nw_i16)) {
    nw_i16 narrow;
    memcpy(&narrow, at, sizeof narrow);
    v = narrow;
  } else if (bytes == (nw_i32)sizeof(nw_i32)) {
    nw_i32 word;
    memcpy(&word, at, sizeof word);
    v = word;
  } else {
    memcpy(&v, at, sizeof v);
  }
  return v < 0 ? 0 : v > last ? last : (nw_i32)v;
}

#endif
