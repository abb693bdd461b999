/* CONV_2D whose factors are powers of two: the results of nw_conv2d_a8w8s32_single, whatever the weights are.
 * dsp_three_pixels.h, with weights as plain words and records of nw_shifted_scale. */
#ifndef NARROW_DSP_CONV2D_Q7_ANY_H
#define NARROW_DSP_CONV2D_Q7_ANY_H

#include "dsp/dsp_three_pixels.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_conv2d_q7_any(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                          const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
