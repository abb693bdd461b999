#include "rows/recurrent.h"

#include "rows/describe.h"

extern "C" {
#include "portable/recurrent/lstm.h"
}

namespace narrow {
namespace {

// A multiplier that is 0 belongs to a part that is not there.
KernelCost cost_of_lstm(const nw_lstm_params& p) {
  int64_t const steps = int64_t{p.batch} * p.time, gates = p.input_multiplier[0] != 0 ? 4 : 3;
  int64_t const projected = p.projection_multiplier != 0 ? int64_t{p.cells} * p.output_c : 0;
  return {.macs = steps * (gates * p.cells * (p.input_c + p.output_c) + projected),
          .elements = steps * (gates + 2) * p.cells};
}

constexpr ParamField kLstmFields[] = {
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
    NARROW_FIELD(nw_lstm_params, table),
};
constexpr ParamTable kLstmParams = param_table<nw_lstm_params, cost_of_lstm>("nw_lstm_params", kLstmFields);

// The arguments of the C function, with what its constants are.
template <auto kFunction>
struct LstmFunction {
  static constexpr auto kArguments = [] {
    auto out = std::to_array(CFunction<kFunction>::kArguments);
    for (size_t weights : {1, 2, 3, 4, 5, 6, 7, 8, 12}) out[weights].holds = Holds::weights;
    for (size_t constants : {9, 10, 11, 13}) out[constants].holds = Holds::constants;
    out.back() = {ElementType::untyped, true, false, true};
    return out;
  }();
};

}  // namespace

const Kernel kLstmI8{"nw_lstm_i8", "portable/recurrent/lstm.c", &kLstmParams, LstmFunction<nw_lstm_i8>::kArguments,
                     CFunction<nw_lstm_i8>::run};
const Kernel kLstmI16{"nw_lstm_i16", "portable/recurrent/lstm.c", &kLstmParams, LstmFunction<nw_lstm_i16>::kArguments,
                      CFunction<nw_lstm_i16>::run};

}  // namespace narrow
