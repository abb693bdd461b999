/* Fused activations that are narrower than eight bits. */
#ifndef NARROW_HELIUM_LIMIT_H
#define NARROW_HELIUM_LIMIT_H

#include "helium/helium_vectors.h"

static NW_INLINE void nw_limit(nw_i8 *at, nw_i32 count, nw_i32 min, nw_i32 max) {
  if (min <= -128 && max >= 127) return;
  for (; count >= 16; count -= 16, at += 16) nw_put_bytes(at, nw_limited_bytes(nw_bytes_at(at), min, max));
  if (count > 0) nw_put_first_bytes(at, nw_limited_bytes(nw_first_bytes(at, count), min, max), count);
}

#endif
