/* DEPTHWISE_CONV_2D whose factors are powers of two: the results of nw_depthwise_conv2d_a8w8s32_single.
 * dsp_plane_layer.h, with weights as bytes and records of nw_shifted_scale. */
#ifndef NARROW_DSP_DEPTHWISE3X3_Q7_H
#define NARROW_DSP_DEPTHWISE3X3_Q7_H

#include "dsp/dsp_plane_layer.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_depthwise3x3_q7(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
