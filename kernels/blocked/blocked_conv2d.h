/* CONV_2D and FULLY_CONNECTED of int8 for processors without the DSP extension: two rows of input elements and four
 * output channels at a time.
 *
 * nw_blocked_dense_i8 multiplies rows where they lie: FULLY_CONNECTED, and CONV_2D with 1x1 filters, strides of 1 and
 * no padding. Results are those of nw_fully_connected_i8_double with weights of zero point 0, and of
 * nw_conv2d_i8_double. nw_blocked_conv2d_i8 copies the windows of two output pixels first. Not grouped; batches and
 * dilations are 1.
 *
 * weights: for each four output channels and each element of their filters, a byte of each channel. channels:
 * packed_channel.h, one for each output channel. Where channels are no multiple of four, both have zeros at the end.
 * scratch: NW_BLOCKED_CONV2D_SCRATCH(elements of a filter) bytes. */
#ifndef NARROW_BLOCKED_CONV2D_H
#define NARROW_BLOCKED_CONV2D_H

#include "portable/packed_window.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_i32 rows, input_c, output_c; /* rows of input_c elements become rows of output_c elements */
  nw_i32 min, max;                /* of results: a fused activation */
  nw_i32 backwards;               /* 1: rows are computed from the last to the first */
} nw_blocked_dense_params;

/* Two columns. */
#define NW_BLOCKED_CONV2D_SCRATCH(elements) (2 * (elements))

/* The output may lie over the input where two rows are not needed any more when their results are written. */
void nw_blocked_dense_i8(const nw_blocked_dense_params *p, const nw_i8 *input, const nw_i8 *weights,
                         const nw_i32 *channels, nw_i8 *output);

/* The output may lie over the input as that of nw_conv2d_i8_double may. */
void nw_blocked_conv2d_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                          const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
