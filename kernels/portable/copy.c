#include "copy.h"

#include <string.h>

void nw_copy_blocks(nw_copy_blocks_params const *p, void const *in, void *out) {
  char const *from = (char const *)in;
  char *to = (char *)out;
  for (nw_i32 i = 0; i < p->blocks; ++i, from += p->in_stride, to += p->out_stride)
    memcpy(to, from, (size_t)p->block_bytes);
}

/* n elements, `step` bytes apart. Inlined with a constant size, memcpy becomes one load and one store. */
static inline void copy_run(char *to, char const *from, nw_i32 n, nw_i32 step, size_t size) {
  for (nw_i32 i = 0; i < n; ++i, to += size, from += step) memcpy(to, from, size);
}

static void copy_row(char *to, char const *from, nw_i32 n, nw_i32 step, size_t size) {
  if (step == (nw_i32)size)
    memcpy(to, from, (size_t)n * size);
  else if (size == 1)
    copy_run(to, from, n, step, 1);
  else if (size == 2)
    copy_run(to, from, n, step, 2);
  else if (size == 4)
    copy_run(to, from, n, step, 4);
  else
    copy_run(to, from, n, step, size);
}

static int is_empty(nw_copy_strided_params const *p) {
  for (int d = 0; d < NW_COPY_RANK; ++d)
    if (p->extent[d] == 0) return 1;
  return 0;
}

void nw_copy_strided(nw_copy_strided_params const *p, void const *in, void *out) {
  int const last = NW_COPY_RANK - 1;
  size_t const size = (size_t)p->element_bytes;
  nw_i32 index[NW_COPY_RANK] = {0};
  nw_i32 at = p->offset;
  char *to = (char *)out;
  int d;
  if (is_empty(p)) return;
  do {
    copy_row(to, (char const *)in + at * p->element_bytes, p->extent[last], p->stride[last] * p->element_bytes, size);
    to += (size_t)p->extent[last] * size;
    for (d = last - 1; d >= 0; --d) {
      at += p->stride[d];
      if (++index[d] < p->extent[d]) break;
      at -= p->stride[d] * p->extent[d];
      index[d] = 0;
    }
  } while (d >= 0);
}
