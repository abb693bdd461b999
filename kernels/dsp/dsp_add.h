/* ADD of two int8 tensors of one shape for processors with the DSP extension. Results are those of nw_add_i8.
 *
 * out may be a or b itself. */
#ifndef NARROW_DSP_ADD_H
#define NARROW_DSP_ADD_H

#include "portable/packed_add.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_add_i8(const nw_packed_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

/* The same where the factor of a is 1/2, a multiplier of 2^30 and no shift, as that of the operand with the larger
 * scale is, and b has a shift of 1 or more: a is only shifted to the left. */
void nw_dsp_add_half_i8(const nw_packed_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#ifdef __cplusplus
}
#endif

#endif
