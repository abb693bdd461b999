/* MAXIMUM and MINIMUM of two operands of one shape, four elements at a time. */
#ifndef NARROW_DSP_EXTREMES_H
#define NARROW_DSP_EXTREMES_H

#include "portable/packed_pair.h"

/* out may be a or b. */
void nw_dsp_maximum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_dsp_minimum_i8(const NW_FLASH nw_packed_pair_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#endif
