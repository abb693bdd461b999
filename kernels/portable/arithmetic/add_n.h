/* ADD_N, 8 bits: the sum of operands that share a scale and zero point (TFLM).
 *
 * Each operand minus its zero point, 20 bits longer, is halved; their sum is multiplied by (multiplier, shift) =
 * 2 s / (2^20 s_out), below 1, with double rounding. |sum of the halves| stays below 2^31. */
#ifndef NARROW_ADD_N_H
#define NARROW_ADD_N_H

#include "portable/arithmetic/scaled_input.h"

typedef struct {
  nw_i32 count;    /* elements */
  nw_i32 operands; /* >= 1 */
  nw_i32 zero_point;
  nw_i32 start; /* what the sum begins with: 0, or -zero_point, which TFLM adds once too often */
  nw_i32 multiplier;
  int shift; /* [-31, 0] */
  nw_i32 out_zero_point;
} nw_add_n_params;

void nw_add_n_i8(const NW_FLASH nw_add_n_params *p, const nw_i8 *const *in, nw_i8 *out);

#endif
