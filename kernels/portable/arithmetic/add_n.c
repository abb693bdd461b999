#include "portable/arithmetic/add_n.h"

void nw_add_n_i8(const NW_FLASH nw_add_n_params *p, const nw_i8 *const *in, nw_i8 *out) {
  static const NW_FLASH nw_scaled_input half = {0, (nw_i32)1 << 30, 0};
  for (nw_i32 i = 0; i < p->count; ++i) {
    nw_i32 sum = nw_scale_input(&half, p->start, 20);
    for (nw_i32 k = 0; k < p->operands; ++k) sum += nw_scale_input(&half, in[k][i] - p->zero_point, 20);
    sum = nw_requantize_double(sum, p->multiplier, p->shift) + p->out_zero_point;
    out[i] = (nw_i8)nw_clamp(sum, -128, 127);
  }
}
