// Kernels of recurrent layers.
#pragma once

#include "rows/kernel.h"

namespace narrow {

// Arguments: data, weights of the four gates, recurrent weights of the four gates, biases of both, peepholes,
// projection, its bias, hidden state, cell state, output, scratch memory. Parameters: nw_lstm_params.
extern const Kernel kLstmI8, kLstmI16;
// Likewise with weights of 4 and 16 bits.
extern const Kernel kLstmA8W4, kLstmA16W4, kLstmA16W16;

// Arguments: data, vectors over features, what its zero point contributes to each, vectors over time, bias, state,
// output. Parameters: nw_svdf_params.
extern const Kernel kSvdfI8;

// Arguments: data, weights, recurrent weights, biases of both, values with which samples begin, state, output, last
// hidden state, scratch memory. Parameters: nw_gru_params.
extern const Kernel kGruI8, kGruI16, kGruA8W4, kGruA16W4, kGruA16W16;

// Arguments: the same with the hidden state in the place of the state. Parameters: nw_rnn_params.
extern const Kernel kRnnI8, kRnnI16, kRnnA8W4, kRnnA16W4, kRnnA16W16;

// Arguments: data, weights, recurrent weights, biases of both, peepholes, values with which hidden state and cell state
// begin, both states, output, last hidden state, last cell state, scratch memory. Parameters: nw_lstm_sequence_params.
extern const Kernel kLstmSequenceI8, kLstmSequenceI16, kLstmSequenceA8W4, kLstmSequenceA16W4, kLstmSequenceA16W16;

}  // namespace narrow
