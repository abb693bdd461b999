// Kernels for processors with Helium, the M-profile vector extension of Armv8.1-M. They give what the portable kernels
// give, from weights that lie as their loops read them.
#pragma once

#include "rows/kernel.h"

extern "C" {
#include "helium/helium_conv2d.h"
#include "helium/helium_dense.h"
#include "helium/helium_depthwise.h"
#include "helium/helium_depthwise3x3.h"
#include "helium/helium_lstm.h"
}

namespace narrow {

/// Arguments: input, weights, channels, output, scratch. Parameters: nw_helium_dense_params, and
/// nw_packed_window_params.
extern const Kernel kHeliumDenseI8, kHeliumConv2dI8, kHeliumDepthwise3x3I8, kHeliumDepthwiseI8;

/// Arguments: data, weights, where sums begin, table, hidden state, cell state, output, scratch. Parameters:
/// nw_lstm_params.
extern const Kernel kHeliumLstmI8;

}  // namespace narrow
