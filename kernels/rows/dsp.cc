#include "rows/dsp.h"

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
KernelCost cost_of_wide_conv2d(const nw_packed_window_params& p) {
  KernelCost cost = cost_of_conv2d(p);
  cost.wide = true;
  return cost;
}
KernelCost cost_of_depthwise(const nw_packed_window_params& p) {
  return in_pairs(depthwise_cost(p.window));
}
KernelCost cost_of_dense(const nw_dsp_dense_params& p) {
  return in_pairs(dense_cost(p.rows, p.input_c, p.output_c));
}

constexpr ParamTable kConv2dParams =
    param_table<nw_packed_window_params, cost_of_conv2d>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamTable kWideConv2dParams =
    param_table<nw_packed_window_params, cost_of_wide_conv2d>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamTable kDepthwiseParams =
    param_table<nw_packed_window_params, cost_of_depthwise>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamField kDenseFields[] = {NARROW_FIELD(nw_dsp_dense_params, rows),
                                       NARROW_FIELD(nw_dsp_dense_params, input_c),
                                       NARROW_FIELD(nw_dsp_dense_params, output_c),
                                       NARROW_FIELD(nw_dsp_dense_params, min), NARROW_FIELD(nw_dsp_dense_params, max)};
constexpr ParamTable kDenseParams =
    param_table<nw_dsp_dense_params, cost_of_dense>("nw_dsp_dense_params", kDenseFields);

constexpr ParamField kAddFields[] = {
    NARROW_FIELD(nw_dsp_add_params, count),        NARROW_FIELD(nw_dsp_add_params, a.zero_point),
    NARROW_FIELD(nw_dsp_add_params, a.multiplier), NARROW_FIELD(nw_dsp_add_params, a.shift),
    NARROW_FIELD(nw_dsp_add_params, b.zero_point), NARROW_FIELD(nw_dsp_add_params, b.multiplier),
    NARROW_FIELD(nw_dsp_add_params, b.shift),      NARROW_FIELD(nw_dsp_add_params, multiplier),
    NARROW_FIELD(nw_dsp_add_params, addend),       NARROW_FIELD(nw_dsp_add_params, shift),
    NARROW_FIELD(nw_dsp_add_params, min),          NARROW_FIELD(nw_dsp_add_params, max)};
KernelCost cost_of_add(const nw_dsp_add_params& p) {
  return in_pairs({.elements = p.count});
}
constexpr ParamTable kAddParams = param_table<nw_dsp_add_params, cost_of_add>("nw_dsp_add_params", kAddFields);

constexpr InPlace kOverEitherOne[] = {{.argument = 0}, {.argument = 1}};

// A channel is read as a whole before it is written, and other channels are not touched.
constexpr InPlace kOverImage[] = {{.argument = 0, .shrinks = true}};
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
             kOverImage);
const Kernel kDspFullyConnectedI8 = overlapping(
    dsp_kernel<nw_dsp_fully_connected_i8>("nw_dsp_fully_connected_i8", "dsp/dsp_fully_connected.c", kDenseParams),
    kUnderRows);

const Kernel kDspAddI8 =
    in_place(c_kernel<nw_dsp_add_i8>("nw_dsp_add_i8", "dsp/dsp_add.c", kAddParams), kOverEitherOne);

}  // namespace narrow
