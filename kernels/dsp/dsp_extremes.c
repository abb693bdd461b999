#include "dsp/dsp_extremes.h"

#include "dsp/dsp_four.h"

static NW_INLINE void nw_extremes(nw_i32 count, const nw_i8 *a, const nw_i8 *b, nw_i8 *out,
                                  nw_u32 (*four)(nw_u32, nw_u32)) {
  for (; count >= 8; count -= 8, a += 8, b += 8, out += 8) {
    nw_u32 const first = four(nw_four_bytes(a), nw_four_bytes(b));
    nw_u32 const second = four(nw_four_bytes(a + 4), nw_four_bytes(b + 4));
    nw_put_four_bytes(out, first);
    nw_put_four_bytes(out + 4, second);
  }
  for (; count > 0; count -= 4, a += 4, b += 4, out += 4) {
    nw_i32 const n = count < 4 ? count : 4;
    nw_put_first_four(out, four(nw_few_bytes(a, n), nw_few_bytes(b, n)), n);
  }
}

void nw_dsp_maximum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_extremes(p->count, a, b, out, nw_larger_four);
}

void nw_dsp_minimum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_extremes(p->count, a, b, out, nw_smaller_four);
}
