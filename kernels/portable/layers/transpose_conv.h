/* TRANSPOSE_CONV on integers. Activations NHWC, weights OHWI with zero point 0.
 *
 * Input (y, x) and tap (ky, kx) meet in output (y * stride_h + ky - pad_top, x * stride_w + kx - pad_left). */
#ifndef NARROW_TRANSPOSE_CONV_H
#define NARROW_TRANSPOSE_CONV_H

#include "portable/layers/layer_instances.h"
#include "portable/window.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_window window; /* padding is cut from the full output, as the forward convolution pads its input; no dilation */
  nw_i32 input_zero_point; /* [-128, 127] for int8, 0 for int16 */
  nw_bias_format bias;     /* read by the instances that take biases of any width */
  nw_output output;
} nw_transpose_conv_params;

/* nw_transpose_conv_i8_double and its like: layer_instances.h. */
#define NW_TRANSPOSE_CONV_FUNCTION(suffix, activation, weight, sum, bias, rounding) \
  NW_LAYER_FUNCTION(nw_transpose_conv, suffix, nw_transpose_conv_params, activation, weight, bias)
NW_LAYER_LIST(NW_TRANSPOSE_CONV_FUNCTION)
#undef NW_TRANSPOSE_CONV_FUNCTION

#ifdef __cplusplus
}
#endif

#endif
