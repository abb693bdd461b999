/* FULLY_CONNECTED whose factors are powers of two: the results of nw_fully_connected_a8w8s32_single, whatever the
 * weights are. dsp_rows.h, with weights as plain words and records of nw_shifted_scale. */
#ifndef NARROW_DSP_FULLY_CONNECTED_Q7_ANY_H
#define NARROW_DSP_FULLY_CONNECTED_Q7_ANY_H

#include "dsp/dsp_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_fully_connected_q7_any(const nw_dsp_rows_params *p, const nw_i8 *input, const nw_i32 *weights,
                                   const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
