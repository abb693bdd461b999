// The fields of nw_lstm_params, and the work of a call with them.
#pragma once

#include "rows/describe.h"

extern "C" {
#include "portable/recurrent/lstm.h"
}

namespace narrow {

// A multiplier that is 0 belongs to a part that is not there.
inline KernelCost cost_of_lstm(const nw_lstm_params& p) {
  int64_t const steps = int64_t{p.batch} * p.time, gates = p.input_multiplier[0] != 0 ? 4 : 3;
  int64_t const projected = p.projection_multiplier != 0 ? int64_t{p.cells} * p.output_c : 0;
  return {.macs = steps * (gates * p.cells * (p.input_c + p.output_c) + projected),
          .elements = steps * (gates + 2) * p.cells};
}

inline constexpr ParamField kLstmFields[] = {
    NARROW_FIELD(nw_lstm_params, batch),
    NARROW_FIELD(nw_lstm_params, time),
    NARROW_FIELD(nw_lstm_params, batch_step),
    NARROW_FIELD(nw_lstm_params, time_step),
    NARROW_FIELD(nw_lstm_params, input_c, "IN_C"),
    NARROW_FIELD(nw_lstm_params, cells),
    NARROW_FIELD(nw_lstm_params, output_c, "OUT_C"),
    NARROW_FIELD(nw_lstm_params, cell_bits),
    NARROW_FIELD(nw_lstm_params, cell_clip),
    NARROW_FIELD(nw_lstm_params, given_zero_point),
    NARROW_FIELD(nw_lstm_params, hidden_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_lstm_params, projection_clip),
    NARROW_FIELD(nw_lstm_params, fixed_point),
    NARROW_FIELD(nw_lstm_params, half_up),
    NARROW_FIELD(nw_lstm_params, input_multiplier),
    NARROW_FIELD(nw_lstm_params, input_shift),
    NARROW_FIELD(nw_lstm_params, hidden_multiplier, "H_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_params, hidden_shift, "H_SHIFT"),
    NARROW_FIELD(nw_lstm_params, peephole_multiplier, "PEEP_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_params, peephole_shift, "PEEP_SHIFT"),
    NARROW_FIELD(nw_lstm_params, output_multiplier, "OUT_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_params, output_shift, "OUT_SHIFT"),
    NARROW_FIELD(nw_lstm_params, projection_multiplier, "PROJ_MULTIPLIER"),
    NARROW_FIELD(nw_lstm_params, projection_shift, "PROJ_SHIFT"),
    NARROW_FIELD(nw_lstm_params, norm_multiplier),
    NARROW_FIELD(nw_lstm_params, norm_shift),
    NARROW_FIELD(nw_lstm_params, norm_guard),
    NARROW_FIELD(nw_lstm_params, table),
    NARROW_FIELD(nw_lstm_params, norm),
    NARROW_FIELD(nw_lstm_params, norm_bias),
};

}  // namespace narrow
