#include "portable/arithmetic/select.h"

#include <stddef.h>

#include "nw_memory.h"

typedef struct {
  const nw_u8 *condition;
  const char *a;
  const char *b;
} sources;

/* One run of the innermost dimension; `size` is a constant where this is inlined. */
static inline void select_run(const NW_FLASH nw_select_params *p, sources from, char *to, size_t size) {
  int const d = NW_SELECT_RANK - 1;
  for (nw_i32 i = 0; i < p->extent[d]; ++i) {
    nw_memcpy(to, *from.condition ? from.a : from.b, size);
    to += size;
    from.condition += p->condition_stride[d];
    from.a += (size_t)p->a_stride[d] * size;
    from.b += (size_t)p->b_stride[d] * size;
  }
}

static void select_row(const NW_FLASH nw_select_params *p, sources from, char *to) {
  if (p->element_bytes == 1)
    select_run(p, from, to, 1);
  else if (p->element_bytes == 2)
    select_run(p, from, to, 2);
  else if (p->element_bytes == 4)
    select_run(p, from, to, 4);
  else
    select_run(p, from, to, 8);
}

void nw_select(const NW_FLASH nw_select_params *p, const nw_u8 *condition, const void *a, const void *b, void *out) {
  size_t const size = (size_t)p->element_bytes;
  nw_i32 index[NW_SELECT_RANK] = {0};
  nw_i32 at_condition = 0, at_a = 0, at_b = 0;
  char *to = (char *)out;
  int d;
  do {
    sources const from = {condition + at_condition, (const char *)a + (size_t)at_a * size,
                          (const char *)b + (size_t)at_b * size};
    select_row(p, from, to);
    to += (size_t)p->extent[NW_SELECT_RANK - 1] * size;
    for (d = NW_SELECT_RANK - 2; d >= 0; --d) {
      nw_i32 const back = ++index[d] < p->extent[d] ? 0 : p->extent[d];
      at_condition += p->condition_stride[d] * (1 - back);
      at_a += p->a_stride[d] * (1 - back);
      at_b += p->b_stride[d] * (1 - back);
      if (!back) break;
      index[d] = 0;
    }
  } while (d >= 0);
}
