/* DEPTHWISE_CONV_2D of int8 with filters of any size for processors with Helium: four channels at a time.
 *
 * One output channel for each input channel; batches and dilations are 1. Results are those of
 * nw_depthwise_conv2d_i8_double.
 * weights: of each tap those of all channels, and zeros up to a multiple of four. channels: helium_channels.h.
 * scratch: NW_HELIUM_CONV2D_SCRATCH(elements of a window) bytes.
 * The output may lie over the input as that of nw_depthwise_conv2d_i8_double may. */
#ifndef NARROW_HELIUM_DEPTHWISE_H
#define NARROW_HELIUM_DEPTHWISE_H

#include "helium/helium_conv2d.h"

#ifdef __cplusplus
extern "C" {
#endif

void nw_helium_depthwise_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
