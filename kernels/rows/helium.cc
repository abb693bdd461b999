#include "rows/helium.h"

#include <algorithm>

#include "rows/layer_costs.h"
#include "rows/lstm_params.h"
#include "rows/packed_window.h"

namespace narrow {
namespace {

/// The work in instructions with vectors.
KernelCost in_vectors(KernelCost cost) {
  cost.vectors = true;
  return cost;
}

KernelCost cost_of_conv2d(const nw_packed_window_params& p) {
  return in_vectors(conv2d_cost(p.window, p.window.input_c));
}
KernelCost cost_of_depthwise(const nw_packed_window_params& p) {
  return in_vectors(depthwise_cost(p.window));
}
KernelCost cost_of_dense(const nw_helium_dense_params& p) {
  return in_vectors(dense_cost(p.rows, p.input_c, p.output_c));
}

constexpr ParamTable kConv2dParams =
    param_table<nw_packed_window_params, cost_of_conv2d>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamTable kDepthwiseParams =
    param_table<nw_packed_window_params, cost_of_depthwise>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamField kDenseFields[] = {
    NARROW_FIELD(nw_helium_dense_params, rows),     NARROW_FIELD(nw_helium_dense_params, input_c),
    NARROW_FIELD(nw_helium_dense_params, output_c), NARROW_FIELD(nw_helium_dense_params, min),
    NARROW_FIELD(nw_helium_dense_params, max),      NARROW_FIELD(nw_helium_dense_params, backwards)};
constexpr ParamTable kDenseParams =
    param_table<nw_helium_dense_params, cost_of_dense>("nw_helium_dense_params", kDenseFields);

constexpr Overlap kUnderRows[] = {{.argument = 0,
                                   .lead =
                                       [](const void* params, bool backwards) {
                                         const auto& p = *static_cast<const nw_helium_dense_params*>(params);
                                         return backwards ? rows_lead(p.rows, p.output_c, p.input_c)
                                                          : rows_lead(p.rows, p.input_c, p.output_c);
                                       },
                                   .backwards = "backwards"}};

// Rows are written together of which windows are read together: two with strides of 1, the last two of an odd number
// again.
int64_t lead_of_rows(const void* params, bool) {
  const nw_window& w = static_cast<const nw_packed_window_params*>(params)->window;
  int64_t const together = w.stride_h == 1 ? 2 : 1, row = int64_t{w.output_w} * w.output_c;
  int64_t lead = 0;
  for (int64_t i = 0; i < w.output_h; i += together) {
    int64_t const y = std::min(i, w.output_h - together);
    int64_t const needed = std::clamp<int64_t>(y * w.stride_h - w.pad_top, 0, w.input_h) * w.input_w * w.input_c;
    lead = std::max(lead, (y + together) * row - needed);
  }
  return lead;
}
constexpr Overlap kUnderTwoRows[] = {{.argument = 0, .lead = lead_of_rows}};

// Weights lie in an order of their own, in bytes.
template <auto kFunction>
constexpr Kernel helium_kernel(const char* name, const char* source, const ParamTable& params) {
  return c_kernel_with_scratch<kFunction, Holds::constants>(name, source, params);
}

KernelCost cost_of_helium_lstm(const nw_lstm_params& p) {
  constexpr int64_t kOfCell = 25;  // results of a dense layer take what a cell's functions and states do
  KernelCost cost = in_vectors(cost_of_lstm(p));
  cost.elements = int64_t{p.batch} * p.time * p.cells * kOfCell;
  return cost;
}
constexpr ParamTable kHeliumLstmParams =
    param_table<nw_lstm_params, cost_of_helium_lstm>("nw_lstm_params", kLstmFields);
constexpr auto kHeliumLstmArguments = [] {
  auto out = std::to_array(CFunction<nw_helium_lstm_i8>::kArguments);
  for (size_t constants : {1, 2, 3}) out[constants].holds = Holds::constants;
  out.back() = {ElementType::untyped, true, false, true};
  return out;
}();

}  // namespace

const Kernel kHeliumDenseI8 = overlapping(
    helium_kernel<nw_helium_dense_i8>("nw_helium_dense_i8", "helium/helium_dense.c", kDenseParams), kUnderRows);
const Kernel kHeliumConv2dI8 =
    overlapping(helium_kernel<nw_helium_conv2d_i8>("nw_helium_conv2d_i8", "helium/helium_conv2d.c", kConv2dParams),
                kUnderWindow<nw_packed_window_params>);
const Kernel kHeliumDepthwise3x3I8 =
    overlapping(helium_kernel<nw_helium_depthwise3x3_i8>("nw_helium_depthwise3x3_i8", "helium/helium_depthwise3x3.c",
                                                         kDepthwiseParams),
                kUnderTwoRows);
const Kernel kHeliumDepthwiseI8 = overlapping(
    helium_kernel<nw_helium_depthwise_i8>("nw_helium_depthwise_i8", "helium/helium_depthwise.c", kDepthwiseParams),
    kUnderWindow<nw_packed_window_params>);

const Kernel kHeliumLstmI8{"nw_helium_lstm_i8", "helium/helium_lstm.c", &kHeliumLstmParams, kHeliumLstmArguments,
                           CFunction<nw_helium_lstm_i8>::run};

}  // namespace narrow
