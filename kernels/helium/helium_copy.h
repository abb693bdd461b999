/* Copies in whole vectors. */
#ifndef NARROW_HELIUM_COPY_H
#define NARROW_HELIUM_COPY_H

#include "helium/helium_vectors.h"

/* Copies `count` bytes and writes up to 15 more behind them, none of which it reads; the place behind the `count`. */
static NW_INLINE nw_i8 *nw_copy_to_vectors(nw_i8 *to, const nw_i8 *from, nw_i32 count) {
  for (; count >= 16; count -= 16, to += 16, from += 16) nw_put_bytes(to, nw_bytes_at(from));
  if (count > 0) nw_put_bytes(to, nw_first_bytes(from, count));
  return to + count;
}

/* Likewise with bytes that are all the same. */
static NW_INLINE nw_i8 *nw_fill_vectors(nw_i8 *to, nw_bytes v, nw_i32 count) {
  for (nw_i32 i = 0; i < count; i += 16) nw_put_bytes(to + i, v);
  return to + count;
}

#endif
