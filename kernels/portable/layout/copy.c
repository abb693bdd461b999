#include "portable/layout/copy.h"

#include "portable/indexing/index.h"

void nw_copy_blocks(const NW_FLASH nw_copy_blocks_params *p, const void *in, void *out) {
  const char *from = (const char *)in;
  char *to = (char *)out;
  for (nw_i32 i = 0; i < p->blocks; ++i, from += p->in_stride, to += p->out_stride)
    nw_memcpy(to, from, (size_t)p->block_bytes);
}

/* n elements, to_step and from_step bytes apart. Inlined with a constant size, memcpy becomes one load and one store.
 */
static inline void copy_run(char *to, nw_i32 to_step, const char *from, nw_i32 from_step, nw_i32 n, size_t size) {
  for (nw_i32 i = 0; i < n; ++i, to += to_step, from += from_step) nw_memcpy(to, from, size);
}

static void copy_row(char *to, nw_i32 to_step, const char *from, nw_i32 from_step, nw_i32 n, size_t size) {
  if (to_step == (nw_i32)size && from_step == (nw_i32)size)
    nw_memcpy(to, from, (size_t)n * size);
  else if (to_step == 1 && from_step == 0)
    nw_memset(to, *(const unsigned char *)from, (size_t)n);
  else if (size == 1)
    copy_run(to, to_step, from, from_step, n, 1);
  else if (size == 2)
    copy_run(to, to_step, from, from_step, n, 2);
  else if (size == 4)
    copy_run(to, to_step, from, from_step, n, 4);
  else
    copy_run(to, to_step, from, from_step, n, size);
}

static int is_empty(const NW_FLASH nw_copy_strided_params *p) {
  for (int d = 0; d < NW_COPY_RANK; ++d)
    if (p->extent[d] == 0) return 1;
  return 0;
}

/* Steps to the next row; *at is the element of the strided side where it begins. 0 after the last row. */
static int next_row(const NW_FLASH nw_copy_strided_params *p, nw_i32 *index, nw_i32 *at) {
  for (int d = NW_COPY_RANK - 2; d >= 0; --d) {
    *at += p->stride[d];
    if (++index[d] < p->extent[d]) return 1;
    *at -= p->stride[d] * p->extent[d];
    index[d] = 0;
  }
  return 0;
}

void nw_copy_strided(const NW_FLASH nw_copy_strided_params *p, const void *in, void *out) {
  nw_i32 const size = p->element_bytes, n = p->extent[NW_COPY_RANK - 1];
  nw_i32 const step = p->stride[NW_COPY_RANK - 1] * size;
  nw_i32 index[NW_COPY_RANK] = {0};
  nw_i32 at = p->offset;
  char *to = (char *)out;
  if (is_empty(p)) return;
  do {
    copy_row(to, size, (const char *)in + at * size, step, n, (size_t)size);
    to += (size_t)n * (size_t)size;
  } while (next_row(p, index, &at));
}

void nw_put_strided(const NW_FLASH nw_copy_strided_params *p, const void *in, void *out) {
  nw_i32 const size = p->element_bytes, n = p->extent[NW_COPY_RANK - 1];
  nw_i32 const step = p->stride[NW_COPY_RANK - 1] * size;
  nw_i32 index[NW_COPY_RANK] = {0};
  nw_i32 at = p->offset;
  const char *from = (const char *)in;
  if (is_empty(p)) return;
  do {
    copy_row((char *)out + at * size, step, from, size, n, (size_t)size);
    from += (size_t)n * (size_t)size;
  } while (next_row(p, index, &at));
}

/* Bytes from where the window begins that all begins of 0 choose. */
static nw_i32 window_begin(const NW_FLASH nw_window_params *p, const void *begins) {
  nw_i32 at = 0;
  for (nw_i32 i = 0; i < p->chosen; ++i) {
    nw_i32 const begin = nw_index_between(begins, p->which[i], p->index_bytes, p->first[i], p->last[i]);
    at += p->stride[i] * (begin < 0 ? begin + p->last[i] + 1 : begin);
  }
  return at * p->view.element_bytes;
}

void nw_copy_window(const NW_FLASH nw_window_params *p, const void *in, const void *begins, void *out) {
  nw_copy_strided(&p->view, (const char *)in + window_begin(p, begins), out);
}

void nw_put_window(const NW_FLASH nw_window_params *p, const void *in, const void *begins, void *out) {
  nw_put_strided(&p->view, in, (char *)out + window_begin(p, begins));
}
