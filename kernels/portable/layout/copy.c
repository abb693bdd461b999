#include "portable/layout/copy.h"

#include <string.h>

void nw_copy_blocks(nw_copy_blocks_params const *p, void const *in, void *out) {
  char const *from = (char const *)in;
  char *to = (char *)out;
  for (nw_i32 i = 0; i < p->blocks; ++i, from += p->in_stride, to += p->out_stride)
    memcpy(to, from, (size_t)p->block_bytes);
}

/* n elements, to_step and from_step bytes apart. Inlined with a constant size, memcpy becomes one load and one store.
 */
static inline void copy_run(char *to, nw_i32 to_step, char const *from, nw_i32 from_step, nw_i32 n, size_t size) {
  for (nw_i32 i = 0; i < n; ++i, to += to_step, from += from_step) memcpy(to, from, size);
}

static void copy_row(char *to, nw_i32 to_step, char const *from, nw_i32 from_step, nw_i32 n, size_t size) {
  if (to_step == (nw_i32)size && from_step == (nw_i32)size)
    memcpy(to, from, (size_t)n * size);
  else if (size == 1)
    copy_run(to, to_step, from, from_step, n, 1);
  else if (size == 2)
    copy_run(to, to_step, from, from_step, n, 2);
  else if (size == 4)
    copy_run(to, to_step, from, from_step, n, 4);
  else
    copy_run(to, to_step, from, from_step, n, size);
}

static int is_empty(nw_copy_strided_params const *p) {
  for (int d = 0; d < NW_COPY_RANK; ++d)
    if (p->extent[d] == 0) return 1;
  return 0;
}

/* Steps to the next row; *at is the element of the strided side where it begins. 0 after the last row. */
static int next_row(nw_copy_strided_params const *p, nw_i32 *index, nw_i32 *at) {
  for (int d = NW_COPY_RANK - 2; d >= 0; --d) {
    *at += p->stride[d];
    if (++index[d] < p->extent[d]) return 1;
    *at -= p->stride[d] * p->extent[d];
    index[d] = 0;
  }
  return 0;
}

void nw_copy_strided(nw_copy_strided_params const *p, void const *in, void *out) {
  nw_i32 const size = p->element_bytes, n = p->extent[NW_COPY_RANK - 1];
  nw_i32 const step = p->stride[NW_COPY_RANK - 1] * size;
  nw_i32 index[NW_COPY_RANK] = {0};
  nw_i32 at = p->offset;
  char *to = (char *)out;
  if (is_empty(p)) return;
  do {
    copy_row(to, size, (char const *)in + at * size, step, n, (size_t)size);
    to += (size_t)n * (size_t)size;
  } while (next_row(p, index, &at));
}

void nw_put_strided(nw_copy_strided_params const *p, void const *in, void *out) {
  nw_i32 const size = p->element_bytes, n = p->extent[NW_COPY_RANK - 1];
  nw_i32 const step = p->stride[NW_COPY_RANK - 1] * size;
  nw_i32 index[NW_COPY_RANK] = {0};
  nw_i32 at = p->offset;
  char const *from = (char const *)in;
  if (is_empty(p)) return;
  do {
    copy_row((char *)out + at * size, step, from, size, n, (size_t)size);
    from += (size_t)n * (size_t)size;
  } while (next_row(p, index, &at));
}
