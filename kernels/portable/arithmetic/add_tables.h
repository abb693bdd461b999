/* ADD, SUB and SQUARED_DIFFERENCE of 8 bits with what each element adds to the sum in a table: the results of nw_add_i8
 * and nw_squared_difference_i8, in fewer instructions where there is memory for the tables.
 *
 * tables: 512 numbers. Of ADD and SUB, for each element of a from -128 on twice what nw_scale_input makes of it, then
 * the same for b, as negative where b is subtracted. Sums of two of them stay below 2^30. Of SQUARED_DIFFERENCE, what
 * nw_scale_input makes of them, the numbers of b as negative; the squares of sums of two are at most 2^30. */
#ifndef NARROW_ADD_TABLES_H
#define NARROW_ADD_TABLES_H

#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast shape;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  nw_i32 addend;     /* 2^(shift - 1) + (zero point << shift) */
  int shift;         /* to the right, [1, 22] */
  nw_i32 out_min;    /* output units, zero point included; out_min <= out_max */
  nw_i32 out_max;
} nw_add_tables_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_add_tables_i8(const NW_FLASH nw_add_tables_params *p, const NW_FLASH nw_i32 *tables, const nw_i8 *a,
                      const nw_i8 *b, nw_i8 *out);
void nw_squared_difference_tables_i8(const NW_FLASH nw_add_tables_params *p, const NW_FLASH nw_i32 *tables,
                                     const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#endif
