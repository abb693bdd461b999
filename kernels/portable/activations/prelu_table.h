/* PRELU of 8 bits with what becomes of elements at or above the zero point in a table: the results of nw_prelu_i8, in
 * fewer instructions where there is memory for the table. */
#ifndef NARROW_PRELU_TABLE_H
#define NARROW_PRELU_TABLE_H

#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast shape; /* a: input, never repeated; b: alpha */
  nw_i32 input_zero_point;
  nw_i32 alpha_zero_point;
  nw_i32 multiplier; /* of x * alpha: [2^30, 2^31 - 1] */
  nw_i32 addend;     /* 2^(shift - 1) + (zero point << shift) */
  int shift;         /* to the right, [1, 22] */
} nw_prelu_table_params;

/* table: 256 results, for elements from -128 on; those below the zero point are not read. out may be in. */
void nw_prelu_table_i8(const NW_FLASH nw_prelu_table_params *p, const NW_FLASH nw_i8 *table, const nw_i8 *in,
                       const nw_i8 *alpha, nw_i8 *out);

#endif
