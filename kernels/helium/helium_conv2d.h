/* CONV_2D of int8 for processors with Helium: one output pixel and four channels at a time.
 *
 * Not grouped; batches and dilations are 1. Results are those of nw_conv2d_i8_double.
 * weights: helium_row.h, channels: helium_channels.h, with channels and elements of zeros up to four channels and 16
 * elements. scratch: NW_HELIUM_CONV2D_SCRATCH(elements of a filter) bytes. The output may lie over the input as that of
 * nw_conv2d_i8_double may. */
#ifndef NARROW_HELIUM_CONV2D_H
#define NARROW_HELIUM_CONV2D_H

#include "portable/packed_window.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NW_HELIUM_CONV2D_SCRATCH(elements) (((elements) + 15) / 16 * 16 + 16)

void nw_helium_conv2d_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                         const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
