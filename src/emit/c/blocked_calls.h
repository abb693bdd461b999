// The calls of kernels for processors without the DSP extension, in place of those of portable layer kernels.
#pragma once

#include "emit/c/packed_layer.h"

namespace narrow {

/// Of a call of nw_conv2d_i8_double, nw_depthwise_conv2d_i8_double or nw_fully_connected_i8_double with constant
/// weights, or of nw_add_i8.
OtherCall blocked_call(const KernelCall& call, const LayerConstants8& constants);

}  // namespace narrow
