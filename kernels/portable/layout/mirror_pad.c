#include "portable/layout/mirror_pad.h"

#include "nw_memory.h"

/* The index of the input that output index i of dimension d shows. */
static nw_i32 mirrored(const NW_FLASH nw_mirror_pad_params *p, int d, nw_i32 i) {
  nw_i32 const at = i - p->before[d], n = p->extent[d];
  if (at < 0) return -at - 1 + p->skip;
  return at < n ? at : 2 * n - 1 - at - p->skip;
}

static char *row(const NW_FLASH nw_mirror_pad_params *p, const char *from, char *to) {
  int const last = NW_MIRROR_RANK - 1;
  size_t const size = (size_t)p->element_bytes;
  nw_i32 const inside = p->before[last] + p->extent[last], all = inside + p->after[last];
  for (nw_i32 i = 0; i < p->before[last]; ++i, to += size)
    nw_copy_run(to, from + (size_t)mirrored(p, last, i) * size, size);
  nw_copy_run(to, from, (size_t)p->extent[last] * size);
  to += (size_t)p->extent[last] * size;
  for (nw_i32 i = inside; i < all; ++i, to += size) nw_copy_run(to, from + (size_t)mirrored(p, last, i) * size, size);
  return to;
}

void nw_mirror_pad(const NW_FLASH nw_mirror_pad_params *p, const void *in, void *out) {
  int const last = NW_MIRROR_RANK - 1;
  nw_i32 index[NW_MIRROR_RANK] = {0};
  char *to = (char *)out;
  int d;
  do {
    nw_i32 at = 0;
    for (d = 0; d < last; ++d) at = at * p->extent[d] + mirrored(p, d, index[d]);
    to = row(p, (const char *)in + (size_t)at * (size_t)p->extent[last] * (size_t)p->element_bytes, to);
    for (d = last - 1; d >= 0; --d) {
      if (++index[d] < p->before[d] + p->extent[d] + p->after[d]) break;
      index[d] = 0;
    }
  } while (d >= 0);
}
