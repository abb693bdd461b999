/* FULLY_CONNECTED of int8, and CONV_2D with 1x1 filters, strides of 1 and no padding, for processors with Helium: four
 * output channels at a time.
 *
 * Results are those of nw_fully_connected_i8_double with weights of zero point 0, and of nw_conv2d_i8_double.
 * weights: helium_row.h, channels: helium_channels.h, with channels and elements of zeros up to four channels and 16
 * elements. scratch: NW_WHOLE_VECTORS(input_c) bytes. The output may lie over the input as that of
 * nw_fully_connected_i8_double may. */
#ifndef NARROW_HELIUM_DENSE_H
#define NARROW_HELIUM_DENSE_H

#include "nw_types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_i32 rows, input_c, output_c; /* rows of input_c elements become rows of output_c elements */
  nw_i32 min, max;                /* of results: a fused activation */
  nw_i32 backwards;               /* 1: rows are computed from the last to the first */
} nw_helium_dense_params;

void nw_helium_dense_i8(const nw_helium_dense_params *p, const nw_i8 *input, const nw_i8 *weights,
                        const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
