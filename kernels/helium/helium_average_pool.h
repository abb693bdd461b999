/* AVERAGE_POOL_2D of int8 for processors with Helium: eight channels at a time.
 *
 * A window has at most 255 elements. Results are those of nw_average_pool_i8, and the output may lie over the input as
 * that of nw_average_pool_i8 may. */
#ifndef NARROW_HELIUM_AVERAGE_POOL_H
#define NARROW_HELIUM_AVERAGE_POOL_H

#include "portable/windows/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_helium_average_pool_i8(const nw_pool_params *p, const nw_i8 *in, nw_i8 *out);

#ifdef __cplusplus
}
#endif

#endif
