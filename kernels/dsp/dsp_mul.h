/* MUL of 8 bits, four elements at a time; the results of nw_mul_i8. */
#ifndef NARROW_DSP_MUL_H
#define NARROW_DSP_MUL_H

#include "portable/packed_pair.h"

/* out may be a, or b where b_step is not 0. */
void nw_dsp_mul_i8(const NW_FLASH nw_packed_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#endif
