#include "rows/recurrent.h"

#include "rows/lstm_params.h"

extern "C" {
#include "portable/recurrent/lstm_widths.h"
}

namespace narrow {
namespace {

constexpr ParamTable kLstmParams = param_table<nw_lstm_params, cost_of_lstm>("nw_lstm_params", kLstmFields);

// The arguments of the C function, with what its constants are.
template <auto kFunction, Holds kWeights = Holds::weights>
struct LstmFunction {
  static constexpr auto kArguments = [] {
    auto out = std::to_array(CFunction<kFunction>::kArguments);
    for (size_t weights : {1, 2, 3, 4, 5, 6, 7, 8, 12}) out[weights].holds = kWeights;
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
const Kernel kLstmA8W4{"nw_lstm_a8w4", "portable/recurrent/lstm_widths.c", &kLstmParams,
                       LstmFunction<nw_lstm_a8w4, Holds::nibbles>::kArguments, CFunction<nw_lstm_a8w4>::run};
const Kernel kLstmA16W4{"nw_lstm_a16w4", "portable/recurrent/lstm_widths.c", &kLstmParams,
                        LstmFunction<nw_lstm_a16w4, Holds::nibbles>::kArguments, CFunction<nw_lstm_a16w4>::run};
const Kernel kLstmA16W16{"nw_lstm_a16w16", "portable/recurrent/lstm_widths.c", &kLstmParams,
                         LstmFunction<nw_lstm_a16w16>::kArguments, CFunction<nw_lstm_a16w16>::run};

}  // namespace narrow
