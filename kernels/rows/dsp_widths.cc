#include "rows/dsp_widths.h"

#include "rows/layer_costs.h"
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
KernelCost cost_of_depthwise(const nw_packed_window_params& p) {
  return in_pairs(depthwise_cost(p.window));
}
KernelCost cost_of_rows(const nw_dsp_rows_params& p) {
  return in_pairs(dense_cost(p.rows, p.input_c, p.output_c));
}

constexpr ParamTable kConv2dParams =
    param_table<nw_packed_window_params, cost_of_conv2d>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamTable kDepthwiseParams =
    param_table<nw_packed_window_params, cost_of_depthwise>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamField kRowsFields[] = {NARROW_FIELD(nw_dsp_rows_params, rows), NARROW_FIELD(nw_dsp_rows_params, input_c),
                                      NARROW_FIELD(nw_dsp_rows_params, output_c), NARROW_FIELD(nw_dsp_rows_params, min),
                                      NARROW_FIELD(nw_dsp_rows_params, max)};
constexpr ParamTable kRowsParams = param_table<nw_dsp_rows_params, cost_of_rows>("nw_dsp_rows_params", kRowsFields);

template <class Params>
KernelCost cost_of_add(const Params& p) {
  return in_pairs({.elements = p.count});
}
constexpr ParamField kAddI16Fields[] = {
    NARROW_FIELD(nw_dsp_add_i16_params, count),   NARROW_FIELD(nw_dsp_add_i16_params, a.multiplier),
    NARROW_FIELD(nw_dsp_add_i16_params, a.shift), NARROW_FIELD(nw_dsp_add_i16_params, b.multiplier),
    NARROW_FIELD(nw_dsp_add_i16_params, b.shift), NARROW_FIELD(nw_dsp_add_i16_params, multiplier),
    NARROW_FIELD(nw_dsp_add_i16_params, shift),   NARROW_FIELD(nw_dsp_add_i16_params, min),
    NARROW_FIELD(nw_dsp_add_i16_params, max)};
constexpr ParamTable kAddI16Params =
    param_table<nw_dsp_add_i16_params, cost_of_add<nw_dsp_add_i16_params>>("nw_dsp_add_i16_params", kAddI16Fields);
constexpr ParamField kAddQ7Fields[] = {
    NARROW_FIELD(nw_dsp_add_q7_params, count),  NARROW_FIELD(nw_dsp_add_q7_params, a_unit),
    NARROW_FIELD(nw_dsp_add_q7_params, b_unit), NARROW_FIELD(nw_dsp_add_q7_params, half),
    NARROW_FIELD(nw_dsp_add_q7_params, shift),  NARROW_FIELD(nw_dsp_add_q7_params, min),
    NARROW_FIELD(nw_dsp_add_q7_params, max)};
constexpr ParamTable kAddQ7Params =
    param_table<nw_dsp_add_q7_params, cost_of_add<nw_dsp_add_q7_params>>("nw_dsp_add_q7_params", kAddQ7Fields);
constexpr InPlace kOverEitherOne[] = {{.argument = 0}, {.argument = 1}};

constexpr InPlace kOverImage[] = {{.argument = 0, .shrinks = true}};
constexpr Overlap kUnderRows[] = {{.argument = 0, .lead = [](const void* params, bool) {
                                     const auto& p = *static_cast<const nw_dsp_rows_params*>(params);
                                     return rows_lead(p.rows, p.input_c, p.output_c);
                                   }}};

template <auto kFunction>
constexpr Kernel conv2d(const char* name, const char* source) {
  return overlapping(c_kernel_with_scratch<kFunction, Holds::constants>(name, source, kConv2dParams),
                     kUnderWindow<nw_packed_window_params>);
}
// A channel is read as a whole before it is written, and other channels are not touched.
template <auto kFunction>
constexpr Kernel depthwise(const char* name, const char* source) {
  return in_place(c_kernel_with_scratch<kFunction, Holds::constants>(name, source, kDepthwiseParams), kOverImage);
}
template <auto kFunction>
constexpr Kernel dense(const char* name, const char* source) {
  return overlapping(c_kernel_with_scratch<kFunction, Holds::constants>(name, source, kRowsParams), kUnderRows);
}

}  // namespace

#define NARROW_DSP_ROW(kind, function) kind<nw_dsp_##function>("nw_dsp_" #function, "dsp/dsp_" #function ".c")
const Kernel kDspConv2dI16 = NARROW_DSP_ROW(conv2d, conv2d_i16);
const Kernel kDspConv2dQ7 = NARROW_DSP_ROW(conv2d, conv2d_q7);
const Kernel kDspConv2dQ7Any = NARROW_DSP_ROW(conv2d, conv2d_q7_any);
const Kernel kDspConv2dI4 = NARROW_DSP_ROW(conv2d, conv2d_i4);
const Kernel kDspConv2dW16 = NARROW_DSP_ROW(conv2d, conv2d_w16);
const Kernel kDspDepthwise3x3I16 = NARROW_DSP_ROW(depthwise, depthwise3x3_i16);
const Kernel kDspDepthwise3x3Q7 = NARROW_DSP_ROW(depthwise, depthwise3x3_q7);
const Kernel kDspDepthwise3x3I4 = NARROW_DSP_ROW(depthwise, depthwise3x3_i4);
const Kernel kDspDepthwise3x3W16 = NARROW_DSP_ROW(depthwise, depthwise3x3_w16);
const Kernel kDspFullyConnectedI16 = NARROW_DSP_ROW(dense, fully_connected_i16);
const Kernel kDspFullyConnectedQ7 = NARROW_DSP_ROW(dense, fully_connected_q7);
const Kernel kDspFullyConnectedQ7Any = NARROW_DSP_ROW(dense, fully_connected_q7_any);
const Kernel kDspFullyConnectedI4 = NARROW_DSP_ROW(dense, fully_connected_i4);
const Kernel kDspFullyConnectedW16 = NARROW_DSP_ROW(dense, fully_connected_w16);
#undef NARROW_DSP_ROW
const Kernel kDspAddI16 =
    in_place(c_kernel<nw_dsp_add_i16>("nw_dsp_add_i16", "dsp/dsp_add_i16.c", kAddI16Params), kOverEitherOne);
const Kernel kDspAddQ7 =
    in_place(c_kernel<nw_dsp_add_q7>("nw_dsp_add_q7", "dsp/dsp_add_q7.c", kAddQ7Params), kOverEitherOne);
const Kernel kDspAddQ15 =
    in_place(c_kernel<nw_dsp_add_q15>("nw_dsp_add_q15", "dsp/dsp_add_q15.c", kAddQ7Params), kOverEitherOne);

}  // namespace narrow
