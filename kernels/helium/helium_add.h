/* ADD of int8 for processors with Helium: four elements at a time.
 *
 * Neither operand is repeated; sign is 1 and left_shift 20. An operand's shift is negative, or its factor 1/2
 * (multiplier 2^30, shift 0); out_shift is in [-22, -1]. Results are those of nw_add_i8. out may be a or b itself. */
#ifndef NARROW_HELIUM_ADD_H
#define NARROW_HELIUM_ADD_H

#include "portable/arithmetic/add.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_helium_add_i8(const nw_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#ifdef __cplusplus
}
#endif

#endif
