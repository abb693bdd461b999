#include "portable/activations/log_softmax.h"

#include "portable/fixed_point.h"

/* A difference from the row's maximum, Q5.26. */
static nw_i32 rescaled(const NW_FLASH nw_log_softmax_params *p, nw_i32 diff) {
  return nw_requantize_double(diff, p->multiplier, p->shift);
}

void nw_log_softmax_i8(const NW_FLASH nw_log_softmax_params *p, const nw_i8 *in, nw_i8 *out) {
  for (nw_i32 row = 0; row < p->rows; ++row, in += p->depth, out += p->depth) {
    nw_i32 top = in[0];
    for (nw_i32 c = 1; c < p->depth; ++c)
      if (in[c] > top) top = in[c];

    nw_i32 sum = 0; /* Q12.19 */
    for (nw_i32 c = 0; c < p->depth; ++c)
      if (in[c] - top >= p->diff_min) sum += nw_fp_scale(nw_fp_exp(rescaled(p, in[c] - top), 5, 32), -12, 32);
    nw_i32 const log_sum = nw_fp_log(sum);

    nw_i32 const lowest = nw_requantize_double(log_sum + NW_I32_MIN, p->reverse_multiplier, p->reverse_shift);
    nw_i32 const least = lowest > p->diff_min - 1 ? lowest : p->diff_min - 1;
    for (nw_i32 c = 0; c < p->depth; ++c) {
      nw_i32 q = -128;
      if (in[c] - top > least) q = nw_round_shift_away(rescaled(p, in[c] - top) - log_sum, 22) + 127;
      out[c] = (nw_i8)nw_clamp(q, -128, 127);
    }
  }
}
