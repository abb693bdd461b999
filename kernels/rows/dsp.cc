#include "rows/dsp.h"

#include "rows/layer_costs.h"
#include "rows/lstm_params.h"
#include "rows/packed_add.h"
#include "rows/packed_window.h"

namespace narrow {
namespace {

/// The work in instructions with two products each.
KernelCost in_pairs(KernelCost cost) {
  cost.dual = true;
  return cost;
}

KernelCost cost_of_conv2d(const nw_packed_window_params& p) {
  return in_pairs(conv2d_cost(p.window, p.window.input_c));
}
/// With weights of 8 bits in 16.
template <class Params, KernelCost (*kCost)(const Params&)>
KernelCost wide(const Params& p) {
  KernelCost cost = kCost(p);
  cost.wide = true;
  return cost;
}
KernelCost cost_of_depthwise(const nw_dsp_depthwise_params& p) {
  constexpr int64_t kTaps = 9;
  int64_t const results = int64_t{p.output_lines} * p.output_length * p.channels;
  return in_pairs({.macs = kTaps * results, .elements = results, .scattered = true});
}
KernelCost cost_of_dense(const nw_dsp_dense_params& p) {
  KernelCost cost = in_pairs(dense_cost(p.rows, p.input_c, p.output_c));
  cost.dense = true;
  return cost;
}

constexpr ParamTable kConv2dParams =
    param_table<nw_packed_window_params, cost_of_conv2d>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamTable kWideConv2dParams =
    param_table<nw_packed_window_params, wide<nw_packed_window_params, cost_of_conv2d>>("nw_packed_window_params",
                                                                                        kPackedWindowFields);
constexpr ParamField kDepthwiseFields[] = {
    NARROW_FIELD(nw_dsp_depthwise_params, lines),        NARROW_FIELD(nw_dsp_depthwise_params, length),
    NARROW_FIELD(nw_dsp_depthwise_params, input_line),   NARROW_FIELD(nw_dsp_depthwise_params, input_pixel),
    NARROW_FIELD(nw_dsp_depthwise_params, output_lines), NARROW_FIELD(nw_dsp_depthwise_params, output_length),
    NARROW_FIELD(nw_dsp_depthwise_params, output_line),  NARROW_FIELD(nw_dsp_depthwise_params, output_pixel),
    NARROW_FIELD(nw_dsp_depthwise_params, channels),     NARROW_FIELD(nw_dsp_depthwise_params, stride),
    NARROW_FIELD(nw_dsp_depthwise_params, pad_lines),    NARROW_FIELD(nw_dsp_depthwise_params, pad_pixels),
    NARROW_FIELD(nw_dsp_depthwise_params, band),         NARROW_FIELD(nw_dsp_depthwise_params, input_zero_point),
    NARROW_FIELD(nw_dsp_depthwise_params, min),          NARROW_FIELD(nw_dsp_depthwise_params, max)};
constexpr ParamTable kDepthwiseParams =
    param_table<nw_dsp_depthwise_params, cost_of_depthwise>("nw_dsp_depthwise_params", kDepthwiseFields);
constexpr ParamField kDenseFields[] = {NARROW_FIELD(nw_dsp_dense_params, rows),
                                       NARROW_FIELD(nw_dsp_dense_params, input_c),
                                       NARROW_FIELD(nw_dsp_dense_params, output_c),
                                       NARROW_FIELD(nw_dsp_dense_params, min), NARROW_FIELD(nw_dsp_dense_params, max)};
constexpr ParamTable kDenseParams =
    param_table<nw_dsp_dense_params, cost_of_dense>("nw_dsp_dense_params", kDenseFields);

constexpr ParamTable kWideDenseParams =
    param_table<nw_dsp_dense_params, wide<nw_dsp_dense_params, cost_of_dense>>("nw_dsp_dense_params", kDenseFields);

KernelCost cost_of_add(const nw_packed_add_params& p) {
  return in_pairs({.elements = p.count});
}
constexpr ParamTable kAddParams =
    param_table<nw_packed_add_params, cost_of_add>("nw_packed_add_params", kPackedAddFields);

KernelCost cost_of_dsp_lstm(const nw_lstm_params& p) {
  constexpr int64_t kOfCell = 15;  // results of a dense layer take what a cell's functions and states do
  KernelCost cost = in_pairs(cost_of_lstm(p));
  cost.elements = int64_t{p.batch} * p.time * p.cells * kOfCell;
  cost.dense = true;
  return cost;
}
constexpr ParamTable kDspLstmParams = param_table<nw_lstm_params, cost_of_dsp_lstm>("nw_lstm_params", kLstmFields);
constexpr ParamTable kWideDspLstmParams =
    param_table<nw_lstm_params, wide<nw_lstm_params, cost_of_dsp_lstm>>("nw_lstm_params", kLstmFields);

// Its weights and its table are constants, its last pointer is scratch memory.
template <auto kFunction>
struct DspLstmFunction {
  static constexpr auto kArguments = [] {
    auto out = std::to_array(CFunction<kFunction>::kArguments);
    out[1].holds = out[2].holds = Holds::constants;
    out.back() = {ElementType::untyped, true, false, true};
    return out;
  }();
};

constexpr Overlap kUnderRows[] = {{.argument = 0, .lead = [](const void* params, bool) {
                                     const auto& p = *static_cast<const nw_dsp_dense_params*>(params);
                                     return rows_lead(p.rows, p.input_c, p.output_c);
                                   }}};

// Weights are words of lanes here, which no target stores otherwise.
template <auto kFunction>
constexpr Kernel dsp_kernel(const char* name, const char* source, const ParamTable& params) {
  return c_kernel_with_scratch<kFunction, Holds::constants>(name, source, params);
}

}  // namespace

const Kernel kDspConv2dI8 =
    overlapping(dsp_kernel<nw_dsp_conv2d_i8>("nw_dsp_conv2d_i8", "dsp/dsp_conv2d.c", kConv2dParams),
                kUnderWindow<nw_packed_window_params>);
const Kernel kDspConv2dI8Wide =
    overlapping(dsp_kernel<nw_dsp_conv2d_i8_wide>("nw_dsp_conv2d_i8_wide", "dsp/dsp_conv2d.c", kWideConv2dParams),
                kUnderWindow<nw_packed_window_params>);
const Kernel kDspDepthwise3x3I8 =
    in_place(dsp_kernel<nw_dsp_depthwise3x3_i8>("nw_dsp_depthwise3x3_i8", "dsp/dsp_depthwise3x3.c", kDepthwiseParams),
             kChannelByChannel);
const Kernel kDspFullyConnectedI8 = overlapping(
    dsp_kernel<nw_dsp_fully_connected_i8>("nw_dsp_fully_connected_i8", "dsp/dsp_fully_connected.c", kDenseParams),
    kUnderRows);
const Kernel kDspFullyConnectedI8Wide =
    overlapping(dsp_kernel<nw_dsp_fully_connected_i8_wide>("nw_dsp_fully_connected_i8_wide",
                                                           "dsp/dsp_fully_connected.c", kWideDenseParams),
                kUnderRows);

const Kernel kDspAddI8 = in_place(c_kernel<nw_dsp_add_i8>("nw_dsp_add_i8", "dsp/dsp_add.c", kAddParams), kOverBoth);
const Kernel kDspAddHalfI8 =
    in_place(c_kernel<nw_dsp_add_half_i8>("nw_dsp_add_half_i8", "dsp/dsp_add.c", kAddParams), kOverBoth);

const Kernel kDspLstmI8{"nw_dsp_lstm_i8", "dsp/dsp_lstm.c", &kDspLstmParams,
                        DspLstmFunction<nw_dsp_lstm_i8>::kArguments, CFunction<nw_dsp_lstm_i8>::run};
const Kernel kDspLstmI8Wide{"nw_dsp_lstm_i8_wide", "dsp/dsp_lstm.c", &kWideDspLstmParams,
                            DspLstmFunction<nw_dsp_lstm_i8_wide>::kArguments, CFunction<nw_dsp_lstm_i8_wide>::run};
const Kernel kDspLstmI16{"nw_dsp_lstm_i16", "dsp/dsp_lstm_i16.c", &kDspLstmParams,
                         DspLstmFunction<nw_dsp_lstm_i16>::kArguments, CFunction<nw_dsp_lstm_i16>::run};

}  // namespace narrow
