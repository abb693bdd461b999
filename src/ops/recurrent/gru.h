// The operands of GRU_SEQUENCE and the values inside of it, whatever it computes with.
#pragma once

#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"

namespace narrow {

enum GruOperand : uint8_t { gru_data, gru_kernel, gru_recurrent, gru_bias, gru_recurrent_bias, gru_state };

// The values inside: hidden state and candidate, for each sample the state that it begins with and then both of each
// step; the sums of update and reset gate; those of the candidate. Sums matter where no table bounds them.
enum GruInside : uint8_t { gru_values, gru_gate_sums, gru_candidate_sums, gru_insides };

struct GruSizes : SequenceSizes {
  int units = 1;
};

/// Those of an op; bad_file where operands do not fit together.
Result<GruSizes> gru_sizes(const OpView& op);

/// The step of an op whose data is int8 or int16, as kernels/portable/recurrent/gru.h has it. Op::intermediates have
/// the scales of values inside. unsupported for other types and scales, and for functions that have no form in
/// integers.
Result<Step> lower_integer_gru(const OpView& op, const GruSizes& sizes);

}  // namespace narrow
