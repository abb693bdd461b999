// Recurrent layers as formats state them (Keras, ONNX), in the one form that all readers give them.
//
// A layer that is not stateful begins every sample with zeros, or with the initial states that it is given. An LSTM
// with its usual functions becomes UNIDIRECTIONAL_SEQUENCE_LSTM, which runtimes know; other layers become narrow's own
// LSTM_SEQUENCE, GRU_SEQUENCE and RNN_SEQUENCE. A layer from last to first lies between two REVERSE_V2.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ops/build/graph_builder.h"
#include "ops/recurrent/cell_function.h"

namespace narrow {

/// The weights of one direction of a layer, as the format stores them. `gates` has a letter for each gate in the order
/// of the format: "ifco" (Keras) or "iofc" (ONNX) for input, forget, cell and output gate of an LSTM; "zrh" for update
/// gate, reset gate and candidate of a GRU; it is not looked at for an RNN. Empty biases and peepholes stand for zeros,
/// an empty projection for none.
struct RecurrentWeights {
  std::string_view gates{};
  bool transposed = false;                  // [in, gates * units] as in Keras; false: [gates * units, in] as in ONNX
  std::span<const float> kernel{};          // of the data
  std::span<const float> recurrent{};       // of the hidden state: units in the place of in
  std::span<const float> bias{};            // [gates * units]
  std::span<const float> recurrent_bias{};  // [gates * units]; added to `bias` but for the candidate with reset_after
  std::span<const float> peephole{};        // [3 * units] in the order of `peepholes`
  std::string_view peepholes = "iof";       // gates that the peepholes belong to, in order: ONNX's
  std::span<const float> projection{};      // of an LSTM: [hidden, units]; the hidden state has `hidden` values, then,
                                            // in the place of units, also among the columns of `recurrent`
  std::span<const float> projection_bias{};
};

/// What is asked of a layer's results.
struct RecurrentWants {
  bool sequence = true;  // hidden states of all steps
  bool hidden = false;   // that of the last step
  bool cell = false;     // the last cell state of an LSTM
};

/// One direction of a recurrent layer over data [batch, time, in]. Functions that the kind of layer lacks are not
/// looked at.
struct RecurrentLayer {
  RecurrentWeights weights{};
  int units = 0;
  int hidden = 0;                                // of an LSTM with a projection: size of its hidden state
  CellActivation gate{CellFunction::sigmoid};    // of the gates but for the cell gate or candidate
  CellActivation candidate{CellFunction::tanh};  // of the cell gate, of the candidate, of an RNN
  CellActivation output{CellFunction::tanh};     // of an LSTM's cell state on its way to the hidden state
  float clip = 0;                                // ONNX's: bound of what the functions are applied to; 0: none
  bool reset_after = false;                      // of a GRU; ONNX: linear_before_reset
  bool reverse = false;                          // from the last step to the first
  bool keep_reversed = false;                    // with `reverse`: the sequence stays in the order in which it was
                                                 // computed, as with Keras' go_backwards; else it has the data's order
  bool stateful = false;                         // the next sample begins with what this one leaves
  int initial_hidden = kNoTensor;                // tensor [batch, units]; kNoTensor: zeros
  int initial_cell = kNoTensor;                  // of an LSTM, likewise
  RecurrentWants wants{};
  std::string name{};  // that of the sequence, or of the last hidden state if it is alone

  bool has_projection() const { return hidden > 0; }
  int hidden_size() const { return has_projection() ? hidden : units; }
};

/// Tensors of a layer; kNoTensor for those that were not asked for. States are [batch, units].
struct RecurrentResults {
  int sequence = kNoTensor;  // [batch, time, units]
  int hidden = kNoTensor;
  int cell = kNoTensor;
};

/// Adds an LSTM over tensor `x`. bad_file where weights and sizes do not fit together; unsupported for a stateful layer
/// that is reversed or has initial states.
Result<RecurrentResults> add_lstm(GraphBuilder& builder, int x, const RecurrentLayer& layer);

/// Adds a GRU, likewise.
Result<RecurrentResults> add_gru(GraphBuilder& builder, int x, const RecurrentLayer& layer);

/// Adds a layer without gates, Keras' SimpleRNN and ONNX's RNN, likewise.
Result<RecurrentResults> add_rnn(GraphBuilder& builder, int x, const RecurrentLayer& layer);

}  // namespace narrow
