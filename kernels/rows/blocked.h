// Kernels for processors without the DSP extension: plain products, of several rows and channels at a time. They give
// what the portable kernels of layers give, from weights that lie as their loops read them.
#pragma once

#include "rows/kernel.h"

extern "C" {
#include "blocked/blocked_add.h"
#include "blocked/blocked_conv2d.h"
#include "blocked/blocked_depthwise.h"
}

namespace narrow {

/// Arguments: input, weights, channels, output, and scratch but for the first. Parameters: nw_blocked_dense_params,
/// nw_packed_window_params, and nw_blocked_depthwise_params.
extern const Kernel kBlockedDenseI8, kBlockedConv2dI8, kBlockedDepthwiseI8;

/// Arguments: both operands, output. Parameters: nw_packed_add_params.
extern const Kernel kBlockedAddI8;

}  // namespace narrow
