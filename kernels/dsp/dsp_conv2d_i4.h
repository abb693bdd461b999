/* CONV_2D of 4-bit weights: the results of nw_conv2d_a8w4s32_double. dsp_three_pixels.h, with weights as nibbles'
 * words and records of nw_double_scale. */
#ifndef NARROW_DSP_CONV2D_I4_H
#define NARROW_DSP_CONV2D_I4_H

#include "dsp/dsp_three_pixels.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_dsp_conv2d_i4(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights,
                      const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
