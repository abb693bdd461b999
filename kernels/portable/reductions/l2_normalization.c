#include "portable/reductions/l2_normalization.h"

#include "portable/arithmetic/inverse_sqrt.h"

void nw_l2_normalization_i8(const NW_FLASH nw_l2_normalization_params *p, const nw_i8 *in, nw_i8 *out) {
  for (nw_i32 row = 0; row < p->rows; ++row, in += p->depth, out += p->depth) {
    nw_i32 sum = 0;
    for (nw_i32 c = 0; c < p->depth; ++c) {
      nw_i32 const x = in[c] - p->input_zero_point;
      sum += x * x;
    }
    nw_factor const f = nw_inverse_sqrt(sum);
    for (nw_i32 c = 0; c < p->depth; ++c) {
      nw_i32 const q = nw_requantize_double(in[c] - p->input_zero_point, f.multiplier, f.shift + 7);
      out[c] = (nw_i8)nw_clamp(q, -128, 127);
    }
  }
}
