/* ADD of two int8 tensors of one shape for processors with the DSP extension. Results are those of nw_add_i8.
 *
 * out may be a or b itself. */
#ifndef NARROW_DSP_ADD_H
#define NARROW_DSP_ADD_H

#include "nw_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An operand less its zero point, times 2^20, times multiplier * 2^(-31 - shift), rounded twice. */
typedef struct {
  nw_i32 zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  nw_i32 shift;      /* [0, 22] */
} nw_dsp_add_operand;

typedef struct {
  nw_i32 count; /* elements */
  nw_dsp_add_operand a, b;
  nw_i32 multiplier, addend, shift; /* of the sum: as those of a channel in dsp_channel.h */
  nw_i32 min, max;                  /* of results: a fused activation */
} nw_dsp_add_params;

void nw_dsp_add_i8(const nw_dsp_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

/* The same where the factor of a is 1/2, a multiplier of 2^30 and no shift, as that of the operand with the larger
 * scale is, and b has a shift of 1 or more: a is only shifted to the left. */
void nw_dsp_add_half_i8(const nw_dsp_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#ifdef __cplusplus
}
#endif

#endif
