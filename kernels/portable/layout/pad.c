#include "portable/layout/pad.h"

#include "portable/layout/fill.h"

/* Whether any but the innermost index of an output row lies in the padding. */
static int is_outside(const NW_FLASH nw_pad_params *p, const nw_i32 *index) {
  for (int d = 0; d < NW_PAD_RANK - 1; ++d)
    if (index[d] < p->before[d] || index[d] >= p->before[d] + p->extent[d]) return 1;
  return 0;
}

void nw_pad(const NW_FLASH nw_pad_params *p, const void *value, const void *in, void *out) {
  int const last = NW_PAD_RANK - 1;
  size_t const size = (size_t)p->element_bytes;
  size_t const run = (size_t)p->extent[last] * size;
  nw_i32 index[NW_PAD_RANK] = {0};
  const char *from = (const char *)in;
  char *to = (char *)out;
  int d;
  for (d = 0; d < NW_PAD_RANK; ++d)
    if (p->before[d] + p->extent[d] + p->after[d] == 0) return;
  do {
    if (is_outside(p, index)) {
      to = nw_fill(to, p->before[last] + p->extent[last] + p->after[last], value, size);
    } else {
      to = nw_fill(to, p->before[last], value, size);
      nw_memcpy(to, from, run);
      to = nw_fill(to + run, p->after[last], value, size);
      from += run;
    }
    for (d = last - 1; d >= 0; --d) {
      if (++index[d] < p->before[d] + p->extent[d] + p->after[d]) break;
      index[d] = 0;
    }
  } while (d >= 0);
}
