/* DEPTHWISE_CONV_2D on integers. Activations NHWC, weights 1HWC with zero point 0.
 *
 * Output channel c * multiplier + m comes from input channel c. */
#ifndef NARROW_DEPTHWISE_CONV2D_H
#define NARROW_DEPTHWISE_CONV2D_H

#include "conv2d_epilogue.h"

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

/* bias has input_c * multiplier elements of scale input scale * weight scale, or is NULL. input and output do not
 * overlap. scratch is not used here, and may be NULL; variants for particular chips use it. */
typedef void nw_depthwise_conv2d_i8_fn(const nw_depthwise_conv2d_params *params, const nw_i8 *input,
                                       const nw_i8 *weights, const nw_i32 *bias, nw_i8 *output, void *scratch);
typedef void nw_depthwise_conv2d_i16_b32_fn(const nw_depthwise_conv2d_params *params, const nw_i16 *input,
                                            const nw_i8 *weights, const nw_i32 *bias, nw_i16 *output, void *scratch);
typedef void nw_depthwise_conv2d_i16_b64_fn(const nw_depthwise_conv2d_params *params, const nw_i16 *input,
                                            const nw_i8 *weights, const nw_i64 *bias, nw_i16 *output, void *scratch);

/* int8 activations, 32-bit accumulator. */
nw_depthwise_conv2d_i8_fn nw_depthwise_conv2d_i8_double, nw_depthwise_conv2d_i8_double_up,
    nw_depthwise_conv2d_i8_single;

/* int16 activations, 32-bit accumulator: 512 products of extreme values overflow it.
 * No TFLite runtime has this one. */
nw_depthwise_conv2d_i16_b32_fn nw_depthwise_conv2d_i16_b32_double, nw_depthwise_conv2d_i16_b32_double_up,
    nw_depthwise_conv2d_i16_b32_single;

/* int16 activations, 64-bit accumulator. */
nw_depthwise_conv2d_i16_b64_fn nw_depthwise_conv2d_i16_b64_wide;

#ifdef __cplusplus
}
#endif

#endif
