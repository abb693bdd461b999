/* CONV_2D on integers. Activations NHWC, weights OHWI with zero point 0.
 *
 * Grouped: input_c = groups * filter_c; output channel o reads group o / (output_c / groups). */
#ifndef NARROW_CONV2D_H
#define NARROW_CONV2D_H

#include "portable/layers/layer_instances.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lengths count elements and are at least 1; each tensor has fewer than 2^31 of them. */
typedef struct {
  nw_i32 batches;
  nw_i32 input_h, input_w, input_c;
  nw_i32 filter_h, filter_w, filter_c; /* filter_c divides input_c; input_c / filter_c divides output_c */
  nw_i32 output_h, output_w, output_c;
  nw_i32 stride_h, stride_w;
  nw_i32 dilation_h, dilation_w;
  nw_i32 pad_top, pad_left; /* >= 0; bottom and right follow from the output's size */
  nw_i32 input_offset;      /* -(zero point of the input): [-127, 128] for int8, 0 for int16 */
  nw_output output;
} nw_conv2d_params;

/* nw_conv2d_i8_double and its like: layer_instances.h. */
NW_LAYER_INSTANCES(nw_conv2d, nw_conv2d_params)

#ifdef __cplusplus
}
#endif

#endif
