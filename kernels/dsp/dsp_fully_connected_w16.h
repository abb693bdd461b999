/* FULLY_CONNECTED of 16-bit activations and 16-bit weights for processors with the DSP extension: dsp_rows.h, with
 * the results of nw_fully_connected_a16w16s64_wide. weights: for each four output channels and each two elements of a
 * row a word of two lanes of each channel. channels: dsp_wide_sums.h. */
#ifndef NARROW_DSP_FULLY_CONNECTED_W16_H
#define NARROW_DSP_FULLY_CONNECTED_W16_H

#include "dsp/dsp_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_fully_connected_w16(const nw_dsp_rows_params *p, const nw_i16 *input, const nw_i32 *weights,
                                const nw_i32 *channels, nw_i16 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
