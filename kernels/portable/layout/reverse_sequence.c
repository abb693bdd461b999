#include "portable/layout/reverse_sequence.h"

#include "portable/indexing/index.h"

/* Where index i of the reversed dimension comes from. */
static nw_i32 source(const NW_FLASH nw_reverse_sequence_params *p, const void *lengths, nw_i32 which, nw_i32 i,
                     nw_i32 extent) {
  nw_i32 const n = nw_index(lengths, which, p->index_bytes, extent);
  return i < n ? n - 1 - i : i;
}

void nw_reverse_sequence(const NW_FLASH nw_reverse_sequence_params *p, const void *in, const void *lengths, void *out) {
  size_t const block = (size_t)p->block_bytes;
  char *to = (char *)out;
  for (nw_i32 o = 0; o < p->outer; ++o)
    for (nw_i32 i = 0; i < p->first; ++i)
      for (nw_i32 m = 0; m < p->middle; ++m)
        for (nw_i32 j = 0; j < p->second; ++j, to += block) {
          nw_i32 const x = p->reverses_first ? source(p, lengths, j, i, p->first) : i;
          nw_i32 const y = p->reverses_first ? j : source(p, lengths, i, j, p->second);
          nw_i32 const at = ((o * p->first + x) * p->middle + m) * p->second + y;
          nw_copy_run(to, (const char *)in + (size_t)at * block, block);
        }
}
