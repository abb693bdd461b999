/* MAXIMUM, MINIMUM and MUL of 8 bits, 16 or eight elements at a time; the results of the portable kernels. */
#ifndef NARROW_HELIUM_PAIR_H
#define NARROW_HELIUM_PAIR_H

#include "portable/packed_pair.h"

/* out may be a or b. */
void nw_helium_maximum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_helium_minimum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

/* out may be a, or b where b_step is not 0. */
void nw_helium_mul_i8(const NW_FLASH nw_packed_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#endif
