/* TRANSPOSE_CONV on integers. Activations NHWC, weights OHWI with zero point 0.
 *
 * Input (y, x) and tap (ky, kx) meet in output (y * stride_h + ky - pad_top, x * stride_w + kx - pad_left). */
#ifndef NARROW_TRANSPOSE_CONV_H
#define NARROW_TRANSPOSE_CONV_H

#include "portable/layers/layer_instances.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lengths count elements and are at least 1; each tensor has fewer than 2^31 of them. */
typedef struct {
  nw_i32 batches;
  nw_i32 input_h, input_w, input_c;
  nw_i32 filter_h, filter_w;
  nw_i32 output_h, output_w, output_c;
  nw_i32 stride_h, stride_w;
  nw_i32 pad_top, pad_left; /* >= 0; cut from the full output, as the forward convolution pads its input */
  nw_i32 input_offset;      /* -(zero point of the input): [-127, 128] for int8, 0 for int16 */
  nw_output output;
} nw_transpose_conv_params;

/* nw_transpose_conv_i8_double and its like: layer_instances.h. */
NW_LAYER_INSTANCES(nw_transpose_conv, nw_transpose_conv_params)

#ifdef __cplusplus
}
#endif

#endif
