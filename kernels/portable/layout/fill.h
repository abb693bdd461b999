/* Runs of one element. */
#ifndef NARROW_FILL_H
#define NARROW_FILL_H

#include "nw_memory.h"
#include "nw_types.h"

/* n elements of `size` bytes, as sizeof counts, at `to`; returns where they end. */
static NW_NOINLINE char *nw_fill(char *to, nw_i32 n, const void *value, size_t size) {
  if (size == 1) {
    nw_fill_run(to, *(const unsigned char *)value, (size_t)n);
    return to + n;
  }
  for (nw_i32 i = 0; i < n; ++i, to += size) nw_memcpy(to, value, size);
  return to;
}

#endif
