/* ADD of two int16 tensors of one shape for processors with the DSP extension. Results are those of nw_add_i16.
 *
 * out may be a or b itself. */
#ifndef NARROW_DSP_ADD_I16_H
#define NARROW_DSP_ADD_I16_H

#include "nw_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An operand times 2^15, times multiplier * 2^(-31 - shift), rounded twice; at most half of what it was. */
typedef struct {
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  nw_i32 shift;      /* [0, 22] */
} nw_dsp_add_i16_operand;

typedef struct {
  nw_i32 count; /* elements */
  nw_dsp_add_i16_operand a, b;
  nw_i32 multiplier, shift; /* of the sum; shift in [1, 22] */
  nw_i32 min, max;          /* of results: a fused activation */
} nw_dsp_add_i16_params;

void nw_dsp_add_i16(const nw_dsp_add_i16_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);

#ifdef __cplusplus
}
#endif

#endif
