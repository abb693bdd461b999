/* FULLY_CONNECTED of 16-bit activations and 8-bit weights: the results of nw_fully_connected_i16_b64_wide. dsp_rows.h,
 * with weights as plain words and records of nw_i16_scale. */
#ifndef NARROW_DSP_FULLY_CONNECTED_I16_H
#define NARROW_DSP_FULLY_CONNECTED_I16_H

#include "dsp/dsp_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_fully_connected_i16(const nw_dsp_rows_params *p, const nw_i16 *input, const nw_i32 *weights,
                                const nw_i32 *channels, nw_i16 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
