/* Tables of 256 elements, 16 looked up at a time; the results of nw_table_i8. */
#ifndef NARROW_HELIUM_TABLE_H
#define NARROW_HELIUM_TABLE_H

#include "portable/activations/table.h"

/* out may be in. */
void nw_helium_table_i8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i8 *table, const nw_i8 *in, nw_i8 *out);

#endif
