/* AVERAGE_POOL_2D and MAX_POOL_2D of 8 bits, eight channels at a time; the results of the portable kernels. */
#ifndef NARROW_DSP_POOL_H
#define NARROW_DSP_POOL_H

#include "portable/windows/pool.h"

/* Windows of at most 255 elements. */
void nw_dsp_average_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out);
void nw_dsp_max_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out);

#endif
