#include "portable/indexing/gather.h"

#include "portable/indexing/index.h"

void nw_gather(const NW_FLASH nw_gather_params *p, const void *in, const void *positions, void *out) {
  size_t const block = (size_t)p->block_bytes;
  const char *from = (const char *)in;
  char *to = (char *)out;
  for (nw_i32 b = 0; b < p->batches; ++b) {
    for (nw_i32 o = 0; o < p->outer; ++o, from += (size_t)p->extent * block) {
      for (nw_i32 i = 0; i < p->count; ++i, to += block) {
        nw_i32 const k = nw_index(positions, b * p->count + i, p->index_bytes, p->extent - 1);
        nw_copy_run(to, from + (size_t)k * block, block);
      }
    }
  }
}

void nw_gather_nd(const NW_FLASH nw_gather_nd_params *p, const void *in, const void *positions, void *out) {
  size_t const block = (size_t)p->block_bytes;
  char *to = (char *)out;
  for (nw_i32 i = 0; i < p->count; ++i, to += block) {
    nw_i32 at = 0;
    for (int d = 0; d < p->depth; ++d)
      at += p->stride[d] * nw_index(positions, i * p->depth + d, p->index_bytes, p->extent[d] - 1);
    nw_copy_run(to, (const char *)in + at, block);
  }
}
