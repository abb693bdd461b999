#include "portable/activations/tanh.h"

#include "portable/activations/logistic_body.h"

void nw_tanh_fixed_i8(const NW_FLASH nw_squash_params *p, const nw_i8 *in, nw_i8 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) {
    nw_i32 const x = in[i] - p->input_zero_point;
    nw_i32 q4;
    if (nw_squash_input(p, x, &q4))
      out[i] = (nw_i8)nw_clamp(nw_round_shift_away(nw_fp_tanh(q4, 4, 32), 24), -128, 127);
    else
      out[i] = x <= -p->input_radius ? -128 : 127;
  }
}

void nw_tanh_i16(const NW_FLASH nw_squash16_params *p, const nw_i16 *in, nw_i16 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = nw_table_tanh_16(p->table, nw_squash16_input(p, in[i]));
}

void nw_tanh_fixed_i16(const NW_FLASH nw_squash_fixed16_params *p, const nw_i16 *in, nw_i16 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = (nw_i16)nw_fp_tanh(nw_fp_scale(in[i], p->doublings, 16), 3, 16);
}
