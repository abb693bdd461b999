/* Parameters of kernels for particular processors that compute from two operands element by element. */
#ifndef NARROW_PACKED_PAIR_H
#define NARROW_PACKED_PAIR_H

#include "nw_types.h"

/* Operands and result of one shape. */
typedef struct {
  nw_i32 count; /* elements */
} nw_packed_pair_params;

/* MUL, whose products are rounded twice as nw_requantize_double does. */
typedef struct {
  nw_i32 rows; /* a is rows * depth elements */
  nw_i32 depth;
  nw_i32 b_step;       /* elements from a row of b to the next: depth, or 0 where each row of a meets the same */
  nw_i32 a_zero_point; /* [-128, 127] */
  nw_i32 b_zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  nw_i32 addend;     /* 2^(shift - 1) + (zero point << shift) */
  int shift;         /* to the right, [1, 22] */
  nw_i32 out_min;    /* output units, zero point included; out_min <= out_max */
  nw_i32 out_max;
} nw_packed_mul_params;

#endif
