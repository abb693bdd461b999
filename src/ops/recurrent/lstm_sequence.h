// The operands of LSTM_SEQUENCE and the values inside of it, whatever it computes with.
#pragma once

#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"

namespace narrow {

enum LstmOperand : uint8_t { lstm_data, lstm_kernel, lstm_recurrent, lstm_bias, lstm_peephole, lstm_hidden, lstm_cell };

// The values inside: cell state and candidate, for each sample the state that it begins with and then both of each
// step; the sums of input, forget and output gate; those of the candidate; what the output function gives. The last
// three matter where no table bounds them.
enum LstmInside : uint8_t { lstm_values, lstm_gate_sums, lstm_candidate_sums, lstm_given, lstm_insides };

struct LstmSizes : SequenceSizes {
  int units = 1;
};

/// Those of an op; bad_file where operands do not fit together.
Result<LstmSizes> lstm_sizes(const OpView& op);

/// The step of an op whose data is int8 or int16, as kernels/portable/recurrent/lstm_sequence.h has it.
/// Op::intermediates have the scales of values inside. unsupported for other types and scales, and for functions that
/// have no form in integers.
Result<Step> lower_integer_lstm_sequence(const OpView& op, const LstmSizes& sizes);

}  // namespace narrow
