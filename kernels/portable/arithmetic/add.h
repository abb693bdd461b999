/* ADD and SUB: out = a + sign * b, each tensor with its own scale and zero point.
 *
 * Double arithmetic (TFLM; LiteRT reference kernels). With S = 2 * max(s_a, s_b) and left_shift L, 20 (8-bit) or 15:
 *   (a.multiplier, a.shift) = s_a / S, b likewise, (out_multiplier, out_shift) = S / (2^L * s_out).
 *   The three factors must be < 1 (the runtimes abort or shift by a negative count otherwise): shifts in [-31, 0].
 *   L keeps |q - zero_point| << L below 2^31 and halving the inputs keeps their sum there.
 * Joint arithmetic (XNNPACK, 8-bit only): both inputs brought to one power-of-two denominator, one rounding, ties up.
 *   out_shift = 20 - floor(log2(max(s_a, s_b) / s_out)), a.multiplier = s_a / s_out * 2^out_shift, nearest, ties to
 *   even, b likewise, none above 2^21; a.shift, b.shift, out_multiplier, left_shift unused.
 *   s_a / s_out and s_b / s_out in [2^-10, 2^8).
 * By rule (Qm.n; every zero point 0, every scale a power of two): the operands meet at the finest of the three scales,
 *   a.shift and b.shift bits to the left, in [0, 45], and the sum is rounded off by out_shift bits to the right, in
 *   [0, 45], by `rounding`; multipliers and left_shift unused.
 * How each runtime computes the ratios (float or double): docs/arithmetic.md. */
#ifndef NARROW_ADD_H
#define NARROW_ADD_H

#include "portable/arithmetic/broadcast.h"
#include "portable/arithmetic/scaled_input.h"

typedef struct {
  nw_broadcast shape;
  nw_scaled_input a; /* joint: multiplier in [0, 2^21], shift unused */
  nw_scaled_input b;
  int sign;              /* +1: ADD, -1: SUB */
  int left_shift;        /* 20 or 15; joint: unused */
  nw_i32 out_multiplier; /* [2^30, 2^31 - 1]; joint: unused */
  int out_shift;         /* [-31, 0]; joint: [13, 30], the right shift */
  nw_i32 out_zero_point;
  nw_i32 out_min; /* output units, zero point included; out_min <= out_max */
  nw_i32 out_max;
  int rounding; /* enum nw_rounding; by rule only */
} nw_add_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_add_i8(const NW_FLASH nw_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_add_i16(const NW_FLASH nw_add_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);
void nw_add_by_rule_i8(const NW_FLASH nw_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_add_by_rule_i16(const NW_FLASH nw_add_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);
void nw_add_joint_i8(const NW_FLASH nw_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#endif
