/* LOGISTIC, 1 / (1 + e^-x), without a float. The 8-bit LiteRT flavour is nw_table_i8 with a host-made table.
 *
 * 8-bit, fixed point (TFLM): multiplier, shift = s_in * 2^27, so x becomes Q4.27;
 *   input_radius = floor(15 * 2^27 / 2^shift): from there on the output is saturated.
 *   Output scale 1/256, zero point -128.
 * 16-bit, interpolated table (TFLM, LiteRT): input * multiplier / 2^shift is x * 3 * 4096; zero points 0, output scale
 *   2^-15. s_in = 2^-12 within the runtimes' tolerance: multiplier = 3, shift = 0; otherwise s_in * 3 * 4096 is doubled
 *   shift times until it exceeds 32767 / 2, and truncated.
 * 16-bit, fixed point (LiteRT builtin optimized when s_in = 2^-12): the input is Q3.12, the output Q0.15. */
#ifndef NARROW_LOGISTIC_H
#define NARROW_LOGISTIC_H

#include "nw_types.h"

/* Shared with TANH. */
typedef struct {
  nw_i32 count;
  nw_i32 input_zero_point; /* [-128, 127] */
  nw_i32 input_radius;     /* >= 0, |q - zero point| of the first saturated input */
  nw_i32 multiplier;       /* [2^30, 2^31 - 1] */
  int shift;               /* [-31, 31] */
} nw_squash_params;

typedef struct {
  nw_i32 count;
  nw_i32 multiplier;            /* [1, 32767] */
  int shift;                    /* [0, 31] */
  const NW_FLASH nw_u16 *table; /* 256 entries: sigmoid(i / 24) * 65536, see squash_table in src/ops/integer/tables.h */
} nw_squash16_params;

typedef struct {
  nw_i32 count;
  int doublings; /* TANH: 0 or 1; LOGISTIC: 0 */
} nw_squash_fixed16_params;

/* out may be in, here and below. */
void nw_logistic_fixed_i8(const NW_FLASH nw_squash_params *p, const nw_i8 *in, nw_i8 *out);
void nw_logistic_i16(const NW_FLASH nw_squash16_params *p, const nw_i16 *in, nw_i16 *out);
void nw_logistic_fixed_i16(const NW_FLASH nw_squash_fixed16_params *p, const nw_i16 *in, nw_i16 *out);

#endif
