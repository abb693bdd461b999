// The operands of UNIDIRECTIONAL_SEQUENCE_LSTM, whatever it computes with.
#pragma once

#include "ops/recurrent/lstm_float.h"
#include "ops/recurrent/operands.h"

namespace narrow {

// The operands; those that there are for each gate begin with the input gate's.
inline constexpr size_t kFusedKernels = 1, kFusedRecurrents = 5, kFusedPeepholes = 9, kFusedBiases = 12,
                        kFusedProjection = 16, kFusedProjectionBias = 17, kFusedHidden = 18, kFusedCell = 19,
                        kFusedNorms = 20;

/// A gate in the order of the operands, in LstmWeights, and among the peepholes, which the cell gate lacks.
struct FusedGate {
  LstmWeights::Gate place;
  const char* name;
  size_t peephole;
};
inline constexpr size_t kNoPeephole = 3;
inline constexpr FusedGate kFusedGates[] = {{LstmWeights::input, "input gate", 0},
                                            {LstmWeights::forget, "forget gate", 1},
                                            {LstmWeights::cell, "cell gate", kNoPeephole},
                                            {LstmWeights::output, "output gate", 2}};

/// The sizes and the parts of an op.
struct FusedLstm {
  SequenceSizes sizes{};
  int cells = 1;
  int out = 1;
  bool coupled = false, diagonal = false, peephole = false, norm = false, projection = false, projection_bias = false;
};

/// Those of an op; bad_file where operands do not fit together.
Result<FusedLstm> fused_lstm(const OpView& op);

}  // namespace narrow
