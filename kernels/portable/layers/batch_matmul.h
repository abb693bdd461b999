/* BATCH_MATMUL: out[r][c] = sum over k of a[r][k] * b[k][c], for each pair of matrices.
 *
 * One factor s_a * s_b / s_out. 8-bit: 32-bit sums, double rounding; 16-bit operands a: 64-bit sums, wide rounding
 * (TFLM; LiteRT). Sums stay below 2^31 and 2^47: proven by the lowering. */
#ifndef NARROW_BATCH_MATMUL_H
#define NARROW_BATCH_MATMUL_H

#include "nw_types.h"
#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast matrices; /* extents and strides in whole matrices */
  nw_i32 rows;
  nw_i32 depth;
  nw_i32 cols;
  nw_i32 a_row_stride; /* elements from one row of a to the next, and along a row */
  nw_i32 a_step;
  nw_i32 b_col_stride; /* elements from one column of b to the next, and along a column */
  nw_i32 b_step;
  nw_i32 a_zero_point; /* in the range of the operand's type; 0 with 16 bits */
  nw_i32 b_zero_point;
  nw_i32 multiplier;
  int shift; /* [-31, 30]; with 16 bits [-31, 14] */
  nw_i32 out_zero_point;
} nw_batch_matmul_params;

void nw_batch_matmul_i8(const NW_FLASH nw_batch_matmul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_batch_matmul_i16(const NW_FLASH nw_batch_matmul_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);
void nw_batch_matmul_i16_i8(const NW_FLASH nw_batch_matmul_params *p, const nw_i16 *a, const nw_i8 *b, nw_i16 *out);

#endif
