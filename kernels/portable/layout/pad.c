#include "portable/layout/pad.h"

#include "portable/layout/fill.h"

/* Whether an index of the dimensions before the two innermost ones lies in the padding. */
static int is_outside(const NW_FLASH nw_pad_params *p, const nw_i32 *index) {
  for (int d = 0; d < NW_PAD_RANK - 2; ++d)
    if (index[d] < p->before[d] || index[d] >= p->before[d] + p->extent[d]) return 1;
  return 0;
}

static nw_i32 whole(const NW_FLASH nw_pad_params *p, int d) {
  return p->before[d] + p->extent[d] + p->after[d];
}

/* `rows` rows of `run` bytes with padding at their ends, from `to` on. */
static char *pad_rows(const NW_FLASH nw_pad_params *p, const void *value, const char *from, nw_i32 rows, size_t run,
                      char *to) {
  enum { NW_SHORT = 64 }; /* bytes: of less it takes less to fill all of it first */
  int const last = NW_PAD_RANK - 1;
  size_t const size = (size_t)p->element_bytes;
  nw_i32 const before = p->before[last], after = p->after[last];
  size_t const row = (size_t)whole(p, last) * size;
  if (run < NW_SHORT) {
    char *const end = nw_fill(to, rows * whole(p, last), value, size);
    to += (size_t)before * size;
    for (; rows > 0; --rows, from += run, to += row) nw_copy_run(to, from, run);
    return end;
  }
  if (rows > 0) to = nw_fill(to, before, value, size);
  for (; rows > 0; --rows, from += run) {
    nw_copy_run(to, from, run);
    to = nw_fill(to + run, rows > 1 ? after + before : after, value, size);
  }
  return to;
}

void nw_pad(const NW_FLASH nw_pad_params *p, const void *value, const void *in, void *out) {
  int const last = NW_PAD_RANK - 1, middle = NW_PAD_RANK - 2;
  size_t const size = (size_t)p->element_bytes;
  size_t const run = (size_t)p->extent[last] * size;
  nw_i32 const row = whole(p, last), rows = p->extent[middle];
  nw_i32 index[NW_PAD_RANK] = {0};
  const char *from = (const char *)in;
  char *to = (char *)out;
  int d;
  for (d = 0; d < NW_PAD_RANK; ++d)
    if (whole(p, d) == 0) return;
  do {
    if (is_outside(p, index)) {
      to = nw_fill(to, whole(p, middle) * row, value, size);
    } else {
      to = nw_fill(to, p->before[middle] * row, value, size);
      to = pad_rows(p, value, from, rows, run, to);
      to = nw_fill(to, p->after[middle] * row, value, size);
      from += (size_t)rows * run;
    }
    for (d = middle - 1; d >= 0; --d) {
      if (++index[d] < whole(p, d)) break;
      index[d] = 0;
    }
  } while (d >= 0);
}
