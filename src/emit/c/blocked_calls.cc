#include "emit/c/blocked_calls.h"

#include <utility>

#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "rows/arithmetic.h"
#include "rows/blocked.h"
#include "rows/layers.h"

namespace narrow {
namespace {

constexpr size_t kTogether = 4;  // output channels

ConstantArray tap_bytes(const std::vector<int8_t>& weights) {
  return constant_array("weights", ElementType::i8, weights);
}

/// For each four channels and each element, that of each channel.
ConstantArray filters_in_fours(Filters filters) {
  filters.resize((filters.size() + kTogether - 1) / kTogether * kTogether, std::vector<int8_t>(filters[0].size()));
  std::vector<int8_t> out;
  for (size_t first = 0; first < filters.size(); first += kTogether)
    for (size_t e = 0; e < filters[0].size(); ++e)
      for (size_t c = first; c < first + kTogether; ++c) out.push_back(filters[c][e]);
  return tap_bytes(out);
}

OtherCall blocked_dense(const KernelCall& call, const LayerConstants8& constants, const LayerOutput& y,
                        const nw_blocked_dense_params& params) {
  Filters const filters = rows_of(constants.weights, static_cast<size_t>(params.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, kTogether);
  if (!channels.declined.empty()) return {{}, channels.declined};
  KernelCall out = kernel_call(kBlockedDenseI8, params, {call.arguments[0], array(0), array(1), call.arguments[3]});
  out.arrays = {filters_in_fours(filters), constant_array("channels", ElementType::i32, words_of(channels))};
  return {std::move(out), {}};
}

OtherCall blocked_conv2d(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_conv2d_params>();
  const nw_window& w = p.window;
  if (p.filter_c != w.input_c) return {{}, "it has groups"};
  LayerOutput const y = output_of(call);
  if (is_pointwise(w))
    return blocked_dense(call, constants, y,
                         {w.batches * w.output_h * w.output_w, w.input_c, w.output_c, y.min, y.max, w.backwards});
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
  Filters const filters = rows_of(constants.weights, static_cast<size_t>(w.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, kTogether);
  if (!channels.declined.empty()) return {{}, channels.declined};
  nw_packed_window_params const params{w, y.input_zero_point, y.min, y.max};
  return {packed_call(kBlockedConv2dI8, params, call, filters_in_fours(filters), words_of(channels),
                      NW_BLOCKED_CONV2D_SCRATCH(static_cast<int64_t>(filters[0].size()))),
          {}};
}

/// What the results of an image take, in pixels: they are computed three at a time, and each row begins anew.
int64_t pixels_computed(int64_t rows, int64_t columns) {
  constexpr int64_t kAtOnce = 3, kOfRow = 1;
  return rows * ((columns + kAtOnce - 1) / kAtOnce * kAtOnce + kOfRow);
}

nw_window transposed(nw_window w) {
  std::swap(w.input_h, w.input_w);
  std::swap(w.filter_h, w.filter_w);
  std::swap(w.output_h, w.output_w);
  std::swap(w.stride_h, w.stride_w);
  std::swap(w.pad_top, w.pad_left);
  return w;
}

OtherCall blocked_depthwise(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_depthwise_conv2d_params>();
  const nw_window& w = p.window;
  if (w.output_c != w.input_c) return {{}, "its input channels have several output channels each"};
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
  LayerOutput const y = output_of(call);
  Filters const filters = columns_of(constants.weights, static_cast<size_t>(w.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, 1);
  if (!channels.declined.empty()) return {{}, channels.declined};
  bool const turned = pixels_computed(w.output_w, w.output_h) < pixels_computed(w.output_h, w.output_w);
  nw_blocked_depthwise_params const params{turned ? transposed(w) : w, y.input_zero_point, y.min, y.max, turned};
  std::vector<int8_t> weights;
  for (const auto& f : filters)
    for (int tap = 0; tap < w.filter_h * w.filter_w; ++tap) {
      int const place = turned ? tap % w.filter_h * w.filter_w + tap / w.filter_h : tap;
      weights.push_back(f[static_cast<size_t>(place)]);
    }
  return {packed_call(kBlockedDepthwiseI8, params, call, tap_bytes(weights), words_of(channels),
                      int64_t{NW_BLOCKED_DEPTHWISE_ROWS(params.window)} * NW_BLOCKED_DEPTHWISE_COLUMNS(params.window)),
          {}};
}

OtherCall blocked_fully_connected(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_fully_connected_params>();
  if (p.filter_zero_point != 0) return {{}, "its weights have a zero point"};
  LayerOutput const y = output_of(call);
  return blocked_dense(call, constants, y, {p.rows, p.input_c, p.output_c, y.min, y.max, 0});
}

}  // namespace

OtherCall blocked_call(const KernelCall& call, const LayerConstants8& constants) {
  LayerKey const key{};  // 8 bits everywhere, rounded twice
  auto is = [&](std::span<const LayerKernel> kernels) { return call.kernel == find_kernel(kernels, key); };
  if (call.kernel == &kAddI8) return packed_add(kBlockedAddI8, call);
  if (constants.weights.empty()) return {};
  if (is(conv2d_kernels())) return blocked_conv2d(call, constants);
  if (is(depthwise_conv2d_kernels())) return blocked_depthwise(call, constants);
  if (is(fully_connected_kernels())) return blocked_fully_connected(call, constants);
  return {};
}

}  // namespace narrow
