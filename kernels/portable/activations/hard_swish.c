#include "portable/activations/hard_swish.h"

#include "portable/fixed_point.h"

/* v / 2^bits in a 16-bit word, nearest, ties away from zero. From 16 bits on, gemmlowp's mask no longer fits its word
 * and the result is 1 or -1, which the runtimes return for absurd scales and so do we. */
static inline nw_i32 round_shift_16(nw_i32 v, int bits) {
  if (bits > 15) return v >= 0 ? 1 : -1;
  return nw_round_shift_away(v, bits);
}

/* x in units of 3 / 32768, saturated to 16 bits; all but one bit of a left shift comes before the multiplication, so
 * that saturation there cannot show in the result. */
static inline nw_i32 gate_input(const NW_FLASH nw_hard_swish_params *p, nw_i32 x) {
  if (p->gate_shift > 0) {
    nw_i32 const raised = nw_fp_scale(x, p->gate_shift - 1, 16);
    return nw_fp_scale(nw_fp_mul(raised, p->gate_multiplier, 16), 1, 16);
  }
  return round_shift_16(nw_fp_mul(x, p->gate_multiplier, 16), -p->gate_shift);
}

void nw_hard_swish_i8(const NW_FLASH nw_hard_swish_params *p, const nw_i8 *in, nw_i8 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) {
    nw_i32 const x = (in[i] - p->input_zero_point) * 128;
    nw_i32 const value = nw_fp_mul(x, p->output_multiplier, 16); /* output units * 2^-output_shift */
    nw_i32 const gate = (gate_input(p, x) + 32768) >> 1;         /* [0, 1) as Q0.15 */
    /* Towards zero, against the bias of the roundings above. */
    nw_i32 const product = gate * value / 32768;
    nw_i32 const q = round_shift_16(product, -p->output_shift) + p->output_zero_point;
    /* The runtimes add the zero point in 16 bits, which wraps. */
    nw_i32 const wrapped = q > 32767 ? q - 65536 : (q < -32768 ? q + 65536 : q);
    out[i] = (nw_i8)nw_clamp(wrapped, -128, 127);
  }
}
