// LSTM cells in float, for all ops that have them.
#pragma once

#include <vector>

#include "ops/recurrent/cell_function.h"
#include "ops/recurrent/data_grid.h"

namespace narrow {

/// What is applied to sums and states.
struct LstmFunctions {
  CellActivation gate{CellFunction::sigmoid};    // of input, forget and output gate
  CellActivation candidate{CellFunction::tanh};  // of the cell gate
  CellActivation output{CellFunction::tanh};     // of the cell state on its way to the hidden state
  float clip = 0;                                // bounds of magnitudes: of what the functions are applied to,
  float cell_clip = 0;                           // of the cell state,
  float proj_clip = 0;                           // of the projection's results; 0: none
};

/// Weights in the order in which sums are made: gates in the order forget, cell, output, input; the last is missing
/// where its values are 1 minus the forget gate's.
struct LstmWeights {
  int in = 0;
  int cells = 0;
  int out = 0;  // elements of the hidden state: those of the projection, or `cells`
  bool coupled = false;
  bool diagonal = false;
  DataGrid grid = DataGrid::none;
  std::vector<float> kernel{};           // [in, gates * cells]
  std::vector<float> recurrent{};        // [out, gates * cells]; diagonal: [gates * cells]
  std::vector<float> bias{};             // [gates * cells]
  std::vector<float> peephole{};         // [gates * cells], of which the cell gate's are zeros; may be empty
  std::vector<float> norm{};             // layer normalization [gates * cells]; may be empty
  std::vector<float> projection{};       // [cells, out]; may be empty
  std::vector<float> projection_bias{};  // [out]; may be empty

  enum Gate : uint8_t { forget, cell, output, input };
  int gates() const { return coupled ? 3 : 4; }
  int sums() const { return gates() * cells; }

  /// Weights of that size, all zeros, with those parts that are asked for.
  static LstmWeights of_size(int in, int cells, int out, bool coupled, bool diagonal);
};

/// One step: makes the next hidden state [out] and cell state [cells] of these, and of data [in]. `sums` has room for
/// the sums of all gates and once more `cells`; `before`, if it is not null, gets the sums of all gates
/// as layer normalization takes them, or without one what the gates' functions are applied to.
void lstm_step(const LstmWeights& weights, const LstmFunctions& functions, const float* x, float* hidden, float* cell,
               float* sums, float* before = nullptr);

}  // namespace narrow
