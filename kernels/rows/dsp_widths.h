// Kernels for processors with the DSP extension, as those of rows/dsp.h, of widths other than 8 bits: 16-bit
// activations, scales that are powers of two, and 4-bit weights.
#pragma once

#include "rows/kernel.h"

extern "C" {
#include "dsp/dsp_add_i16.h"
#include "dsp/dsp_add_q15.h"
#include "dsp/dsp_add_q7.h"
#include "dsp/dsp_conv2d_i16.h"
#include "dsp/dsp_conv2d_i4.h"
#include "dsp/dsp_conv2d_q7.h"
#include "dsp/dsp_conv2d_q7_any.h"
#include "dsp/dsp_conv2d_w16.h"
#include "dsp/dsp_depthwise3x3_i16.h"
#include "dsp/dsp_depthwise3x3_i4.h"
#include "dsp/dsp_depthwise3x3_q7.h"
#include "dsp/dsp_depthwise3x3_w16.h"
#include "dsp/dsp_fully_connected_i16.h"
#include "dsp/dsp_fully_connected_i4.h"
#include "dsp/dsp_fully_connected_q7.h"
#include "dsp/dsp_fully_connected_q7_any.h"
#include "dsp/dsp_fully_connected_w16.h"
}

namespace narrow {

/// Arguments: input, weights, channels, output, scratch. Parameters: nw_packed_window_params.
extern const Kernel kDspConv2dI16, kDspConv2dQ7, kDspConv2dQ7Any, kDspConv2dI4, kDspConv2dW16;
extern const Kernel kDspDepthwise3x3I16, kDspDepthwise3x3Q7, kDspDepthwise3x3I4, kDspDepthwise3x3W16;

/// The same with nw_dsp_rows_params.
extern const Kernel kDspFullyConnectedI16, kDspFullyConnectedQ7, kDspFullyConnectedQ7Any, kDspFullyConnectedI4,
    kDspFullyConnectedW16;

/// Arguments: both operands, output. Parameters: nw_dsp_add_i16_params, nw_dsp_add_q7_params of the others.
extern const Kernel kDspAddI16, kDspAddQ7, kDspAddQ15;

}  // namespace narrow
