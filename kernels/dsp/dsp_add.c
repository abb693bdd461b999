#include "dsp/dsp_add.h"

#include "dsp/dsp_channel.h"

#define NW_ADD nw_dsp_add_i8
#include "portable/packed_add_body.h"

void nw_dsp_add_half_i8(const nw_packed_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_i32 const one = (nw_i32)1 << NW_LEFT, half = (nw_i32)1 << (p->b.shift - 1), shift_b = p->b.shift;
  nw_i32 const zero_a = p->a.zero_point * (one / 4), zero_b = p->b.zero_point * one, multiplier_b = p->b.multiplier;
  nw_i32 const multiplier = p->multiplier, addend = p->addend, shift = p->shift;
  nw_i8 *to = out;
  for (nw_i32 left = p->count; left > 0; --left) {
    nw_i32 const y = *b++ * one - zero_b;
    nw_i32 const scaled = nw_add_high_word(half, y, multiplier_b) + NW_FLOOR_SHIFT(y, 31);
    nw_i32 const sum = *a++ * (one / 4) - zero_a + NW_FLOOR_SHIFT(scaled, shift_b);
    *to++ = (nw_i8)nw_channel_result(nw_doubled(sum), multiplier, addend, shift);
  }
  nw_limit_bytes(out, p->count, 1, p->min, p->max);
}
