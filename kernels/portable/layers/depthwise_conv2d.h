/* DEPTHWISE_CONV_2D on integers. Activations NHWC, weights 1HWC with zero point 0.
 *
 * output_c = input_c * multiplier; output channel c * multiplier + m comes from input channel c. */
#ifndef NARROW_DEPTHWISE_CONV2D_H
#define NARROW_DEPTHWISE_CONV2D_H

#include "portable/layers/layer_instances.h"
#include "portable/window.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_window window;
  nw_i32 input_zero_point; /* [-128, 127] for int8, 0 for int16 */
  nw_bias_format bias;     /* read by the instances that take biases of any width */
  nw_output output;
} nw_depthwise_conv2d_params;

/* nw_depthwise_conv2d_i8_double and its like: layer_instances.h. */
#define NW_DEPTHWISE_CONV2D_FUNCTION(suffix, activation, weight, sum, bias, rounding) \
  NW_LAYER_FUNCTION(nw_depthwise_conv2d, suffix, nw_depthwise_conv2d_params, activation, weight, bias)
NW_LAYER_LIST(NW_DEPTHWISE_CONV2D_FUNCTION)
#undef NW_DEPTHWISE_CONV2D_FUNCTION

#ifdef __cplusplus
}
#endif

#endif
