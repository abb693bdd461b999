#include "rows/blocked.h"

#include <algorithm>

#include "rows/layer_costs.h"
#include "rows/packed_add.h"
#include "rows/packed_window.h"

namespace narrow {
namespace {

KernelCost in_blocks(KernelCost cost) {
  cost.blocked = true;
  return cost;
}

KernelCost cost_of_conv2d(const nw_packed_window_params& p) {
  return in_blocks(conv2d_cost(p.window, p.window.input_c));
}
KernelCost cost_of_depthwise(const nw_blocked_depthwise_params& p) {
  return in_blocks(depthwise_cost(p.window));
}
KernelCost cost_of_dense(const nw_blocked_dense_params& p) {
  return in_blocks(dense_cost(p.rows, p.input_c, p.output_c));
}
KernelCost cost_of_add(const nw_packed_add_params& p) {
  return in_blocks({.elements = p.count});
}

constexpr ParamTable kConv2dParams =
    param_table<nw_packed_window_params, cost_of_conv2d>("nw_packed_window_params", kPackedWindowFields);
constexpr ParamField kDepthwiseFields[] = {
    NARROW_WINDOW_FIELDS(nw_blocked_depthwise_params, window),
    NARROW_FIELD(nw_blocked_depthwise_params, input_zero_point), NARROW_FIELD(nw_blocked_depthwise_params, min),
    NARROW_FIELD(nw_blocked_depthwise_params, max), NARROW_FIELD(nw_blocked_depthwise_params, transposed)};
constexpr ParamTable kDepthwiseParams =
    param_table<nw_blocked_depthwise_params, cost_of_depthwise>("nw_blocked_depthwise_params", kDepthwiseFields);
constexpr ParamField kDenseFields[] = {
    NARROW_FIELD(nw_blocked_dense_params, rows),     NARROW_FIELD(nw_blocked_dense_params, input_c),
    NARROW_FIELD(nw_blocked_dense_params, output_c), NARROW_FIELD(nw_blocked_dense_params, min),
    NARROW_FIELD(nw_blocked_dense_params, max),      NARROW_FIELD(nw_blocked_dense_params, backwards)};
constexpr ParamTable kDenseParams =
    param_table<nw_blocked_dense_params, cost_of_dense>("nw_blocked_dense_params", kDenseFields);
constexpr ParamTable kAddParams =
    param_table<nw_packed_add_params, cost_of_add>("nw_packed_add_params", kPackedAddFields);

constexpr auto kDenseArguments = [] {
  auto out = std::to_array(CFunction<nw_blocked_dense_i8>::kArguments);
  out[1].holds = out[2].holds = Holds::constants;
  return out;
}();

// Two rows are whole until the results of both are written; the last of an odd number stands alone.
int64_t lead_of_pairs(const void* params, bool backwards) {
  const auto& p = *static_cast<const nw_blocked_dense_params*>(params);
  int64_t const in = p.input_c, out = p.output_c, rows = p.rows;
  int64_t lead = 0;
  for (int64_t done = 0; done < rows; done += 2) {
    int64_t const together = std::min<int64_t>(2, rows - done);
    int64_t const first = backwards ? rows - done - together : done, end = first + together;
    lead = std::max(lead, backwards ? end * in - first * out : end * out - first * in);
  }
  return lead;
}
constexpr Overlap kUnderPairs[] = {{.argument = 0, .lead = lead_of_pairs, .backwards = "backwards"}};

}  // namespace

const Kernel kBlockedDenseI8 = {.name = "nw_blocked_dense_i8",
                                .source = "blocked/blocked_conv2d.c",
                                .params = &kDenseParams,
                                .arguments = kDenseArguments,
                                .run = CFunction<nw_blocked_dense_i8>::run,
                                .overlaps = kUnderPairs};
const Kernel kBlockedConv2dI8 = overlapping(c_kernel_with_scratch<nw_blocked_conv2d_i8, Holds::constants>(
                                                "nw_blocked_conv2d_i8", "blocked/blocked_conv2d.c", kConv2dParams),
                                            kUnderWindow<nw_packed_window_params>);
const Kernel kBlockedDepthwiseI8 =
    in_place(c_kernel_with_scratch<nw_blocked_depthwise_i8, Holds::constants>(
                 "nw_blocked_depthwise_i8", "blocked/blocked_depthwise.c", kDepthwiseParams),
             kChannelByChannel);
const Kernel kBlockedAddI8 =
    in_place(c_kernel<nw_blocked_add_i8>("nw_blocked_add_i8", "blocked/blocked_add.c", kAddParams), kOverBoth);

}  // namespace narrow
