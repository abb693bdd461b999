/* ADD and SUB of int16 tensors of one shape whose scales are powers of two: dsp_add_q7.h, with the results of
 * nw_add_by_rule_i16. */
#ifndef NARROW_DSP_ADD_Q15_H
#define NARROW_DSP_ADD_Q15_H

#include "dsp/dsp_add_q7.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_add_q15(const nw_dsp_add_q7_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);

#ifdef __cplusplus
}
#endif

#endif
