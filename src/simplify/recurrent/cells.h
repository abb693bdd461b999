// Steps of recurrent layers among expressions.
#pragma once

#include <optional>
#include <vector>

#include "simplify/recurrent/sum.h"

namespace narrow {

enum class CellKind : uint8_t { lstm, gru, rnn };

/// What may be one step of a layer. A step that begins with zeros lacks what these would be multiplied by: the former
/// states are not there (their size is 0), the forget gate of an LSTM and maybe the reset gate of a GRU neither.
struct CellStep {
  CellKind kind = CellKind::lstm;
  bool begins = false;
  Columns result;                       // the hidden state, of an LSTM before it is projected
  Columns cell{};                       // of an LSTM: the cell state
  Columns former_hidden{};              // not known at first for LSTM and RNN
  Columns former_cell{};                // of an LSTM
  std::vector<Sum> gates;               // "ifco" of an LSTM, "zrh" of a GRU, one of an RNN
  std::vector<bool> has_gate;           // which of them are there
  std::vector<float> recurrent_bias{};  // of the candidate of a GRU that resets after, if it is there
  bool reset_after = false;
  CellFunction candidate = CellFunction::tanh;
  CellFunction output = CellFunction::tanh;  // of an LSTM

  int units() const { return result.size; }
};

/// The expression `index` as the hidden state of a step of each kind.
std::optional<CellStep> lstm_step_at(const Expressions& expressions, int index);
std::optional<CellStep> gru_step_at(const Expressions& expressions, int index);
std::optional<CellStep> rnn_step_at(const Expressions& expressions, int index);

}  // namespace narrow
