/* SOFTMAX of 8 bits with its exponentials in a table, of which there are 256: the results of nw_softmax_i8, in fewer
 * instructions where there is memory for the table. */
#ifndef NARROW_SOFTMAX_TABLE_H
#define NARROW_SOFTMAX_TABLE_H

#include "nw_types.h"

typedef struct {
  nw_i32 rows;
  nw_i32 depth; /* [1, 4095] */
} nw_softmax_table_params;

/* exponentials: entry d is e^-d under the parameters of nw_softmax_i8, Q0.31, or 0 where it counts as nothing.
 * Output scale 1/256, zero point -128. out may be in. */
void nw_softmax_table_i8(const NW_FLASH nw_softmax_table_params *p, const NW_FLASH nw_i32 *exponentials,
                         const nw_i8 *in, nw_i8 *out);

#endif
