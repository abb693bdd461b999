/* TANH without a float. The 8-bit LiteRT flavour is nw_table_i8 with a host-made table.
 *
 * 8-bit, fixed point (TFLM): parameters as LOGISTIC's; output scale 1/128, zero point 0.
 * 16-bit, interpolated table (TFLM, LiteRT): parameters as LOGISTIC's, and s_in = 2^-11 is exact too: multiplier 6,
 *   shift 0. tanh(x) = 2 sigmoid(2x) - 1 from the same table. Zero points 0, output scale 2^-15.
 * 16-bit, fixed point (LiteRT builtin optimized when s_in = 2^-12 or 2^-11): input Q3.12 after doubling
 *   `doublings` times, saturating; output Q0.15. */
#ifndef NARROW_TANH_H
#define NARROW_TANH_H

#include "portable/activations/logistic.h"

/* out may be in. */
void nw_tanh_fixed_i8(const NW_FLASH nw_squash_params *p, const nw_i8 *in, nw_i8 *out);
void nw_tanh_i16(const NW_FLASH nw_squash16_params *p, const nw_i16 *in, nw_i16 *out);
void nw_tanh_fixed_i16(const NW_FLASH nw_squash_fixed16_params *p, const nw_i16 *in, nw_i16 *out);

#endif
