// The fields of nw_gru_params and nw_rnn_params, and the work of calls with them.
#pragma once

#include "rows/describe.h"

extern "C" {
#include "portable/recurrent/gru.h"
#include "portable/recurrent/rnn.h"
}

namespace narrow {

inline KernelCost cost_of_gru(const nw_gru_params& p) {
  int64_t const steps = int64_t{p.batch} * p.time, rows = int64_t{NW_GRU_GATES} * p.units;
  return {.macs = steps * rows * (p.input_c + p.units), .elements = steps * (rows + p.units)};
}

/// The fields of an inner nw_cell_function; their names in headers begin with `Name`.
#define NARROW_CELL_FIELDS(Struct, function, Name)                                                                \
  NARROW_FIELD(Struct, function.kind, Name "_KIND"), NARROW_FIELD(Struct, function.slope, Name "_SLOPE"),         \
      NARROW_FIELD(Struct, function.offset, Name "_OFFSET"), NARROW_FIELD(Struct, function.right, Name "_RIGHT"), \
      NARROW_FIELD(Struct, function.lo, Name "_MIN"), NARROW_FIELD(Struct, function.hi, Name "_MAX"),             \
      NARROW_FIELD(Struct, function.table, Name "_TABLE")

inline constexpr ParamField kGruFields[] = {
    NARROW_FIELD(nw_gru_params, batch),
    NARROW_FIELD(nw_gru_params, time),
    NARROW_FIELD(nw_gru_params, input_c, "IN_C"),
    NARROW_FIELD(nw_gru_params, units),
    NARROW_FIELD(nw_gru_params, reset_after),
    NARROW_FIELD(nw_gru_params, sum_limit),
    NARROW_FIELD(nw_gru_params, candidate_limit, "CAND_LIMIT"),
    NARROW_FIELD(nw_gru_params, candidate_right, "STATE_RIGHT"),
    NARROW_FIELD(nw_gru_params, hidden_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_gru_params, last_zero_point),
    NARROW_FIELD(nw_gru_params, initial_zero_point, "INIT_ZERO_POINT"),
    NARROW_FIELD(nw_gru_params, input_right),
    NARROW_FIELD(nw_gru_params, hidden_right, "H_RIGHT"),
    NARROW_FIELD(nw_gru_params, reset_multiplier),
    NARROW_FIELD(nw_gru_params, reset_shift),
    NARROW_FIELD(nw_gru_params, output_multiplier, "OUT_MULTIPLIER"),
    NARROW_FIELD(nw_gru_params, output_shift, "OUT_SHIFT"),
    NARROW_FIELD(nw_gru_params, last_multiplier),
    NARROW_FIELD(nw_gru_params, last_shift),
    NARROW_FIELD(nw_gru_params, initial_multiplier, "INIT_MULTIPLIER"),
    NARROW_FIELD(nw_gru_params, initial_shift, "INIT_SHIFT"),
    NARROW_CELL_FIELDS(nw_gru_params, gate, "GATE"),
    NARROW_CELL_FIELDS(nw_gru_params, candidate, "CAND"),
    NARROW_FIELD(nw_gru_params, input_factor),
    NARROW_FIELD(nw_gru_params, hidden_factor, "H_FACTOR"),
    NARROW_FIELD(nw_gru_params, squash),
};
inline KernelCost cost_of_rnn(const nw_rnn_params& p) {
  int64_t const rows = int64_t{p.batch} * p.time * p.units;
  return {.macs = rows * (p.input_c + p.units), .elements = 2 * rows};
}

inline constexpr ParamField kRnnFields[] = {
    NARROW_FIELD(nw_rnn_params, batch),
    NARROW_FIELD(nw_rnn_params, time),
    NARROW_FIELD(nw_rnn_params, batch_step),
    NARROW_FIELD(nw_rnn_params, time_step),
    NARROW_FIELD(nw_rnn_params, input_c, "IN_C"),
    NARROW_FIELD(nw_rnn_params, units),
    NARROW_FIELD(nw_rnn_params, sum_limit),
    NARROW_FIELD(nw_rnn_params, hidden_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_rnn_params, last_zero_point),
    NARROW_FIELD(nw_rnn_params, initial_zero_point, "INIT_ZERO_POINT"),
    NARROW_FIELD(nw_rnn_params, input_right),
    NARROW_FIELD(nw_rnn_params, hidden_right, "H_RIGHT"),
    NARROW_FIELD(nw_rnn_params, output_multiplier, "OUT_MULTIPLIER"),
    NARROW_FIELD(nw_rnn_params, output_shift, "OUT_SHIFT"),
    NARROW_FIELD(nw_rnn_params, last_multiplier),
    NARROW_FIELD(nw_rnn_params, last_shift),
    NARROW_FIELD(nw_rnn_params, initial_multiplier, "INIT_MULTIPLIER"),
    NARROW_FIELD(nw_rnn_params, initial_shift, "INIT_SHIFT"),
    NARROW_CELL_FIELDS(nw_rnn_params, function, "FN"),
    NARROW_FIELD(nw_rnn_params, input_factor),
    NARROW_FIELD(nw_rnn_params, hidden_factor, "H_FACTOR"),
    NARROW_FIELD(nw_rnn_params, squash),
};

}  // namespace narrow
