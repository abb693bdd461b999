/* DEPTHWISE_CONV_2D on integers. Activations NHWC, weights 1HWC with zero point 0.
 *
 * Output channel c * multiplier + m comes from input channel c. */
#ifndef NARROW_DEPTHWISE_CONV2D_H
#define NARROW_DEPTHWISE_CONV2D_H

#include "portable/layers/layer_instances.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lengths count elements and are at least 1; each tensor has fewer than 2^31 of them. */
typedef struct {
  nw_i32 batches;
  nw_i32 input_h, input_w, input_c;
  nw_i32 filter_h, filter_w;
  nw_i32 multiplier; /* outputs per input channel */
  nw_i32 output_h, output_w;
  nw_i32 stride_h, stride_w;
  nw_i32 dilation_h, dilation_w;
  nw_i32 pad_top, pad_left; /* >= 0; bottom and right follow from the output's size */
  nw_i32 input_offset;      /* -(zero point of the input): [-127, 128] for int8, 0 for int16 */
  nw_output output;
} nw_depthwise_conv2d_params;

/* nw_depthwise_conv2d_i8_double and its like: layer_instances.h. */
NW_LAYER_INSTANCES(nw_depthwise_conv2d, nw_depthwise_conv2d_params)

#ifdef __cplusplus
}
#endif

#endif
