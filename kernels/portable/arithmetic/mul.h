/* MUL: out = a * b, each tensor with its own scale and zero point.
 *
 * One factor s_a * s_b / s_out, applied with double rounding (TFLM; LiteRT reference and builtin optimized kernels; the
 * runtimes differ in the precision in which they compute the factor, see docs/arithmetic.md).
 * By rule (Qm.n): the factor is 2^-shift, shift in [-30, 61], rounded by `rounding`; multiplier unused.
 * Once: the factor as (multiplier, shift), one rounding by `rounding`. */
#ifndef NARROW_MUL_H
#define NARROW_MUL_H

#include "nw_types.h"
#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast shape;
  nw_i32 a_zero_point; /* in the range of the activation type; 0 for 16-bit, so that a product stays below 2^31 */
  nw_i32 b_zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1], or 0 */
  int shift;         /* [-31, 30]; |product| << shift < 2^31 - 2^15 (proven by the lowering; the runtimes wrap) */
  nw_i32 out_zero_point;
  nw_i32 out_min; /* output units, zero point included; out_min <= out_max */
  nw_i32 out_max;
  int rounding; /* enum nw_rounding; by rule and once only */
} nw_mul_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_mul_i8(const NW_FLASH nw_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_mul_i16(const NW_FLASH nw_mul_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);
void nw_mul_by_rule_i8(const NW_FLASH nw_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_mul_once_i8(const NW_FLASH nw_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_mul_by_rule_i16(const NW_FLASH nw_mul_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);

#endif
