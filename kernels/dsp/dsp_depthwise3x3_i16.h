/* DEPTHWISE_CONV_2D of 16-bit activations and 8-bit weights: the results of nw_depthwise_conv2d_i16_b64_wide.
 * dsp_plane_layer.h, with weights as bytes and records of nw_i16_scale. */
#ifndef NARROW_DSP_DEPTHWISE3X3_I16_H
#define NARROW_DSP_DEPTHWISE3X3_I16_H

#include "dsp/dsp_plane_layer.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_depthwise3x3_i16(const nw_packed_window_params *p, const nw_i16 *input, const nw_i32 *weights,
                             const nw_i32 *channels, nw_i16 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
