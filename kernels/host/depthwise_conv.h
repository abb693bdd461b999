// DEPTHWISE_CONV_2D with the rounding that only LiteRT's optimized kernel has, on the portable body.
#ifndef NARROW_KERNELS_HOST_DEPTHWISE_CONV_H
#define NARROW_KERNELS_HOST_DEPTHWISE_CONV_H

#include "portable/layers/depthwise_conv2d.h"

namespace narrow::host {

// mixed.h
void depthwise_conv_mixed(const nw_depthwise_conv2d_params&, const nw_i8* x, const nw_i8* w, const nw_i32* bias,
                          nw_i8* y);

}  // namespace narrow::host

#endif
