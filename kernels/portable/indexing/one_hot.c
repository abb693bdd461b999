#include "portable/indexing/one_hot.h"

#include "portable/indexing/index.h"
#include "portable/layout/fill.h"

void nw_one_hot(const NW_FLASH nw_one_hot_params *p, const void *positions, const void *on, const void *off,
                void *out) {
  size_t const size = (size_t)p->element_bytes;
  char *row = (char *)out;
  for (nw_i32 o = 0; o < p->outer; ++o) {
    char *const next = nw_fill(row, p->depth * p->inner, off, size);
    for (nw_i32 i = 0; i < p->inner; ++i) {
      /* One more on either side, where what lies outside ends up. */
      nw_i32 const at = nw_index_between(positions, o * p->inner + i, p->index_bytes, -1, p->depth);
      if (at >= 0 && at < p->depth) nw_memcpy(row + (size_t)(at * p->inner + i) * size, on, size);
    }
    row = next;
  }
}
