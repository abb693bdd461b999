/* ADD of two int8 tensors of one shape for processors without the DSP extension. Results are those of nw_add_i8.
 *
 * out may be a or b itself. */
#ifndef NARROW_BLOCKED_ADD_H
#define NARROW_BLOCKED_ADD_H

#include "portable/packed_add.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_blocked_add_i8(const nw_packed_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#ifdef __cplusplus
}
#endif

#endif
