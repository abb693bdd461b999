#include "portable/reductions/cumsum.h"

#include "nw_requantize.h"

void nw_cumsum_i8(const NW_FLASH nw_cumsum_params *p, const nw_i8 *in, nw_i8 *out) {
  nw_i32 const unit = (nw_i32)1 << 19;
  for (nw_i32 o = 0; o < p->outer; ++o) {
    for (nw_i32 i = 0; i < p->inner; ++i) {
      nw_i32 sum = -p->input_zero_point * unit;
      for (nw_i32 d = 0; d < p->depth; ++d) {
        nw_i32 const at = (o * p->depth + (p->reverse ? p->depth - 1 - d : d)) * p->inner + i;
        nw_i32 const next = sum + (in[at] - p->input_zero_point) * unit;
        nw_i32 const q = nw_requantize_double(p->exclusive ? sum : next, p->multiplier, p->shift);
        out[at] = (nw_i8)nw_clamp(q + p->output_zero_point, -128, 127);
        sum = next;
      }
    }
  }
}
