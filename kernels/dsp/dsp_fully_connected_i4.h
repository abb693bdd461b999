/* FULLY_CONNECTED of 4-bit weights: the results of nw_fully_connected_a8w4s32_double. dsp_rows.h, with weights as
 * nibbles' words and records of nw_double_scale. */
#ifndef NARROW_DSP_FULLY_CONNECTED_I4_H
#define NARROW_DSP_FULLY_CONNECTED_I4_H

#include "dsp/dsp_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_fully_connected_i4(const nw_dsp_rows_params *p, const nw_i8 *input, const nw_i32 *weights,
                               const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
