// Rows of recurrent layers whose arithmetic is narrow's own.
#include "rows/cell_params.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/gru_widths.h"
#include "portable/recurrent/lstm_sequence_widths.h"
#include "portable/recurrent/rnn_widths.h"
}

namespace narrow {
namespace {

constexpr ParamTable kGruParams = param_table<nw_gru_params, cost_of_gru>("nw_gru_params", kGruFields);

constexpr ParamTable kRnnParams = param_table<nw_rnn_params, cost_of_rnn>("nw_rnn_params", kRnnFields);

KernelCost cost_of_lstm_sequence(const nw_lstm_sequence_params& p) {
  int64_t const steps = int64_t{p.batch} * p.time, rows = int64_t{NW_LSTM_SEQUENCE_GATES} * p.units;
  return {.macs = steps * rows * (p.input_c + p.units), .elements = steps * (rows + 2 * p.units)};
}

constexpr ParamField kLstmSequenceFields[] = {
    NARROW_FIELD(nw_lstm_sequence_params, batch),
    NARROW_FIELD(nw_lstm_sequence_params, time),
    NARROW_FIELD(nw_lstm_sequence_params, input_c, "IN_C"),
    NARROW_FIELD(nw_lstm_sequence_params, units),
    NARROW_FIELD(nw_lstm_sequence_params, sum_limit),
    NARROW_FIELD(nw_lstm_sequence_params, candidate_limit, "CAND_LIMIT"),
    NARROW_FIELD(nw_lstm_sequence_params, candidate_right, "STATE_RIGHT"),
    NARROW_FIELD(nw_lstm_sequence_params, cell_right),
    NARROW_FIELD(nw_lstm_sequence_params, hidden_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_lstm_sequence_params, last_hidden_zero_point, "LASTH_ZERO_POINT"),
    NARROW_FIELD(nw_lstm_sequence_params, last_cell_zero_point, "LASTC_ZERO_POINT"),
    NARROW_FIELD(nw_lstm_sequence_params, initial_hidden_zero_point, "INITH_ZERO_POINT"),
    NARROW_FIELD(nw_lstm_sequence_params, initial_cell_zero_point, "INITC_ZERO_POINT"),
    NARROW_FIELD(nw_lstm_sequence_params, input_right),
    NARROW_FIELD(nw_lstm_sequence_params, hidden_right, "H_RIGHT"),
    NARROW_FIELD(nw_lstm_sequence_params, peephole_multiplier, "PEEP_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_sequence_params, peephole_shift, "PEEP_SHIFT"),
    NARROW_FIELD(nw_lstm_sequence_params, output_multiplier, "OUT_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_sequence_params, output_shift, "OUT_SHIFT"),
    NARROW_FIELD(nw_lstm_sequence_params, last_hidden_multiplier, "LASTH_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_sequence_params, last_hidden_shift, "LASTH_SHIFT"),
    NARROW_FIELD(nw_lstm_sequence_params, last_cell_multiplier, "LASTC_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_sequence_params, last_cell_shift, "LASTC_SHIFT"),
    NARROW_FIELD(nw_lstm_sequence_params, initial_hidden_multiplier, "INITH_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_sequence_params, initial_hidden_shift, "INITH_SHIFT"),
    NARROW_FIELD(nw_lstm_sequence_params, initial_cell_multiplier, "INITC_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_sequence_params, initial_cell_shift, "INITC_SHIFT"),
    NARROW_CELL_FIELDS(nw_lstm_sequence_params, gate, "GATE"),
    NARROW_CELL_FIELDS(nw_lstm_sequence_params, candidate, "CAND"),
    NARROW_CELL_FIELDS(nw_lstm_sequence_params, output, "OUT_FN"),
    NARROW_FIELD(nw_lstm_sequence_params, input_factor),
    NARROW_FIELD(nw_lstm_sequence_params, hidden_factor, "H_FACTOR"),
    NARROW_FIELD(nw_lstm_sequence_params, squash),
};
constexpr ParamTable kLstmSequenceParams =
    param_table<nw_lstm_sequence_params, cost_of_lstm_sequence>("nw_lstm_sequence_params", kLstmSequenceFields);

// The arguments of the C function: data, weights, recurrent weights, biases of both, and what is computed.
template <auto kFunction, size_t kConstants = 2, Holds kWeights = Holds::weights>
struct CellFunctionArguments {
  static constexpr auto kArguments = [] {
    auto out = std::to_array(CFunction<kFunction>::kArguments);
    for (size_t weights : {1, 2}) out[weights].holds = kWeights;
    for (size_t constants = 3; constants < 3 + kConstants; ++constants) out[constants].holds = Holds::constants;
    out.back() = {ElementType::untyped, true, false, true};
    return out;
  }();
};

}  // namespace

const Kernel kGruI8{"nw_gru_i8", "portable/recurrent/gru.c", &kGruParams, CellFunctionArguments<nw_gru_i8>::kArguments,
                    CFunction<nw_gru_i8>::run};
const Kernel kGruI16{"nw_gru_i16", "portable/recurrent/gru.c", &kGruParams,
                     CellFunctionArguments<nw_gru_i16>::kArguments, CFunction<nw_gru_i16>::run};
const Kernel kGruA8W4{"nw_gru_a8w4", "portable/recurrent/gru_widths.c", &kGruParams,
                      CellFunctionArguments<nw_gru_a8w4, 2, Holds::nibbles>::kArguments, CFunction<nw_gru_a8w4>::run};
const Kernel kGruA16W4{"nw_gru_a16w4", "portable/recurrent/gru_widths.c", &kGruParams,
                       CellFunctionArguments<nw_gru_a16w4, 2, Holds::nibbles>::kArguments,
                       CFunction<nw_gru_a16w4>::run};
const Kernel kGruA16W16{"nw_gru_a16w16", "portable/recurrent/gru_widths.c", &kGruParams,
                        CellFunctionArguments<nw_gru_a16w16>::kArguments, CFunction<nw_gru_a16w16>::run};
const Kernel kRnnI8{"nw_rnn_i8", "portable/recurrent/rnn.c", &kRnnParams, CellFunctionArguments<nw_rnn_i8>::kArguments,
                    CFunction<nw_rnn_i8>::run};
const Kernel kRnnI16{"nw_rnn_i16", "portable/recurrent/rnn.c", &kRnnParams,
                     CellFunctionArguments<nw_rnn_i16>::kArguments, CFunction<nw_rnn_i16>::run};
const Kernel kRnnA8W4{"nw_rnn_a8w4", "portable/recurrent/rnn_widths.c", &kRnnParams,
                      CellFunctionArguments<nw_rnn_a8w4, 2, Holds::nibbles>::kArguments, CFunction<nw_rnn_a8w4>::run};
const Kernel kRnnA16W4{"nw_rnn_a16w4", "portable/recurrent/rnn_widths.c", &kRnnParams,
                       CellFunctionArguments<nw_rnn_a16w4, 2, Holds::nibbles>::kArguments,
                       CFunction<nw_rnn_a16w4>::run};
const Kernel kRnnA16W16{"nw_rnn_a16w16", "portable/recurrent/rnn_widths.c", &kRnnParams,
                        CellFunctionArguments<nw_rnn_a16w16>::kArguments, CFunction<nw_rnn_a16w16>::run};
const Kernel kLstmSequenceI8{"nw_lstm_sequence_i8", "portable/recurrent/lstm_sequence.c", &kLstmSequenceParams,
                             CellFunctionArguments<nw_lstm_sequence_i8, 3>::kArguments,
                             CFunction<nw_lstm_sequence_i8>::run};
const Kernel kLstmSequenceI16{"nw_lstm_sequence_i16", "portable/recurrent/lstm_sequence.c", &kLstmSequenceParams,
                              CellFunctionArguments<nw_lstm_sequence_i16, 3>::kArguments,
                              CFunction<nw_lstm_sequence_i16>::run};
const Kernel kLstmSequenceA8W4{
    "nw_lstm_sequence_a8w4", "portable/recurrent/lstm_sequence_widths.c", &kLstmSequenceParams,
    CellFunctionArguments<nw_lstm_sequence_a8w4, 3, Holds::nibbles>::kArguments, CFunction<nw_lstm_sequence_a8w4>::run};
const Kernel kLstmSequenceA16W4{"nw_lstm_sequence_a16w4", "portable/recurrent/lstm_sequence_widths.c",
                                &kLstmSequenceParams,
                                CellFunctionArguments<nw_lstm_sequence_a16w4, 3, Holds::nibbles>::kArguments,
                                CFunction<nw_lstm_sequence_a16w4>::run};
const Kernel kLstmSequenceA16W16{"nw_lstm_sequence_a16w16", "portable/recurrent/lstm_sequence_widths.c",
                                 &kLstmSequenceParams, CellFunctionArguments<nw_lstm_sequence_a16w16, 3>::kArguments,
                                 CFunction<nw_lstm_sequence_a16w16>::run};

}  // namespace narrow
