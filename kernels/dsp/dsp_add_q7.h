/* ADD and SUB of int8 tensors of one shape whose scales are powers of two, for processors with the DSP extension: the
 * results of nw_add_by_rule_i8 whose sums round half up or are truncated.
 *
 * out may be a or b itself. */
#ifndef NARROW_DSP_ADD_Q7_H
#define NARROW_DSP_ADD_Q7_H

#include "nw_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* floor((a * a_unit + b * b_unit + half) / 2^shift) */
typedef struct {
  nw_i32 count;          /* elements */
  nw_i32 a_unit, b_unit; /* within +-2^14 */
  nw_i32 half, shift;    /* shift in [0, 24] */
  nw_i32 min, max;       /* of results: a fused activation */
} nw_dsp_add_q7_params;

void nw_dsp_add_q7(const nw_dsp_add_q7_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);

#ifdef __cplusplus
}
#endif

#endif
