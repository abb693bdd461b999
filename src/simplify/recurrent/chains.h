// Chains: steps of one recurrent layer, one after the other.
#pragma once

#include <vector>

#include "simplify/recurrent/cells.h"

namespace narrow {

/// The weights of a layer in the order and layout of `RecurrentWeights`: gates "ifco", "zrh" or one, [gates * units,
/// in].
struct CellWeights {
  std::vector<float> kernel;
  std::vector<float> recurrent;
  std::vector<float> bias;
  std::vector<float> recurrent_bias;  // [units], of the candidate; may be empty
  std::vector<float> peephole;        // of input, forget and output gate; may be empty
  std::vector<float> projection;      // [hidden, units]; may be empty
  std::vector<float> projection_bias;
  bool operator==(const CellWeights&) const = default;
};

/// A layer as found. All columns of one list have the same sizes.
struct Chain {
  CellKind kind = CellKind::lstm;
  int units = 0;
  int hidden_size = 0;
  int in = 0;
  bool reset_after = false;
  CellFunction candidate = CellFunction::tanh;
  CellFunction output = CellFunction::tanh;
  CellWeights weights;
  std::vector<std::vector<Columns>> data{};  // by step: what is weighted, one behind the other
  std::vector<Columns> hidden{};             // by step: the hidden state that it gives, projected
  std::vector<Columns> cell{};               // of an LSTM likewise
  Columns first_hidden{};                    // with which it begins; size 0: zeros
  Columns first_cell{};
};

/// All chains of at least two steps, in the order in which their first steps are computed.
std::vector<Chain> find_chains(const Expressions& expressions);

}  // namespace narrow
