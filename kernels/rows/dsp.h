// Kernels for processors with the DSP extension of Armv7E-M and Armv8-M. They give what the portable kernels of layers
// give, from weights that lie as their loops read them.
#pragma once

#include "rows/kernel.h"

extern "C" {
#include "dsp/dsp_add.h"
#include "dsp/dsp_conv2d.h"
#include "dsp/dsp_depthwise3x3.h"
#include "dsp/dsp_fully_connected.h"
#include "dsp/dsp_gru.h"
#include "dsp/dsp_lstm.h"
#include "dsp/dsp_lstm_i16.h"
#include "dsp/dsp_rnn.h"
#include "dsp/dsp_svdf.h"
}

namespace narrow {

/// Arguments: input, weights, channels, output, scratch. Parameters: nw_packed_window_params, nw_dsp_depthwise_params
/// and nw_dsp_dense_params.
extern const Kernel kDspConv2dI8, kDspConv2dI8Wide;
extern const Kernel kDspDepthwise3x3I8;
extern const Kernel kDspFullyConnectedI8, kDspFullyConnectedI8Wide;

/// Arguments: both operands, output. Parameters: nw_packed_add_params.
extern const Kernel kDspAddI8, kDspAddHalfI8;

/// Arguments: data, weights, table, hidden state, cell state, output, scratch. Parameters: nw_lstm_params.
extern const Kernel kDspLstmI8, kDspLstmI8Wide, kDspLstmI16;

/// Arguments: data, weights, values with which samples begin, state, output, last hidden state, scratch. Parameters:
/// nw_gru_params and nw_rnn_params.
extern const Kernel kDspGruI8, kDspGruI8Wide, kDspRnnI8, kDspRnnI8Wide;

/// Arguments: data, weights, vectors over time, biases, state, output, scratch. Parameters: nw_svdf_params.
extern const Kernel kDspSvdfI8, kDspSvdfI8Wide;

}  // namespace narrow
