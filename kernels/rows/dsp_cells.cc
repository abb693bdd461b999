// Rows of GRU, RNN and SVDF for processors with the DSP extension.
#include "rows/cell_params.h"
#include "rows/dsp.h"
#include "rows/svdf_params.h"

namespace narrow {
namespace {

// How many results of a dense layer take what the functions and states of a unit do, and those of a filter or unit of
// SVDF.
constexpr int64_t kOfGru = 12, kOfRnn = 4, kOfSvdf = 3;

KernelCost gru_work(const nw_gru_params& p) {
  KernelCost cost = cost_of_gru(p);
  cost.elements = int64_t{p.batch} * p.time * p.units * kOfGru;
  return cost;
}
KernelCost rnn_work(const nw_rnn_params& p) {
  KernelCost cost = cost_of_rnn(p);
  cost.elements = int64_t{p.batch} * p.time * p.units * kOfRnn;
  return cost;
}
KernelCost svdf_work(const nw_svdf_params& p) {
  KernelCost cost = cost_of_svdf(p);
  cost.elements *= kOfSvdf;
  return cost;
}

/// The work in instructions with two products each; with weights of 8 bits in 16 as kWide.
template <class Params, KernelCost (*kCost)(const Params&), bool kWide>
KernelCost cell_in_pairs(const Params& p) {
  KernelCost cost = kCost(p);
  cost.dual = cost.dense = true;
  cost.wide = kWide;
  return cost;
}

template <bool kWide>
constexpr ParamTable kGruParams =
    param_table<nw_gru_params, cell_in_pairs<nw_gru_params, gru_work, kWide>>("nw_gru_params", kGruFields);
template <bool kWide>
constexpr ParamTable kRnnParams =
    param_table<nw_rnn_params, cell_in_pairs<nw_rnn_params, rnn_work, kWide>>("nw_rnn_params", kRnnFields);
template <bool kWide>
constexpr ParamTable kSvdfParams =
    param_table<nw_svdf_params, cell_in_pairs<nw_svdf_params, svdf_work, kWide>>("nw_svdf_params", kSvdfFields);

// The first arguments behind the data are constants, the last one is scratch memory.
template <auto kFunction, size_t kConstants = 1>
struct DspCellFunction {
  static constexpr auto kArguments = [] {
    auto out = std::to_array(CFunction<kFunction>::kArguments);
    for (size_t i = 1; i <= kConstants; ++i) out[i].holds = Holds::constants;
    out.back() = {ElementType::untyped, true, false, true};
    return out;
  }();
};

}  // namespace

const Kernel kDspGruI8{"nw_dsp_gru_i8", "dsp/dsp_gru.c", &kGruParams<false>, DspCellFunction<nw_dsp_gru_i8>::kArguments,
                       CFunction<nw_dsp_gru_i8>::run};
const Kernel kDspGruI8Wide{"nw_dsp_gru_i8_wide", "dsp/dsp_gru.c", &kGruParams<true>,
                           DspCellFunction<nw_dsp_gru_i8_wide>::kArguments, CFunction<nw_dsp_gru_i8_wide>::run};
const Kernel kDspRnnI8{"nw_dsp_rnn_i8", "dsp/dsp_rnn.c", &kRnnParams<false>, DspCellFunction<nw_dsp_rnn_i8>::kArguments,
                       CFunction<nw_dsp_rnn_i8>::run};
const Kernel kDspRnnI8Wide{"nw_dsp_rnn_i8_wide", "dsp/dsp_rnn.c", &kRnnParams<true>,
                           DspCellFunction<nw_dsp_rnn_i8_wide>::kArguments, CFunction<nw_dsp_rnn_i8_wide>::run};
const Kernel kDspSvdfI8{"nw_dsp_svdf_i8", "dsp/dsp_svdf.c", &kSvdfParams<false>,
                        DspCellFunction<nw_dsp_svdf_i8, 3>::kArguments, CFunction<nw_dsp_svdf_i8>::run};
const Kernel kDspSvdfI8Wide{"nw_dsp_svdf_i8_wide", "dsp/dsp_svdf.c", &kSvdfParams<true>,
                            DspCellFunction<nw_dsp_svdf_i8_wide, 3>::kArguments, CFunction<nw_dsp_svdf_i8_wide>::run};

}  // namespace narrow
