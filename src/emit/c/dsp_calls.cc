#include "emit/c/dsp_calls.h"

#include <vector>

#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "rows/arithmetic.h"
#include "rows/dsp.h"
#include "rows/layers.h"

namespace narrow {
namespace {

constexpr size_t kBytesOfWord = 4;
constexpr size_t kElementsAtOnce = 8;  // of a filter

int32_t word_of_lanes(int low, int high) {
  return static_cast<int32_t>((static_cast<uint32_t>(low) & 0xFFFF) | static_cast<uint32_t>(high) << 16);
}

int32_t word_of_bytes(const int8_t* four) {
  uint32_t out = 0;
  for (size_t i = 0; i < kBytesOfWord; ++i) out |= (static_cast<uint32_t>(four[i]) & 0xFF) << (8 * i);
  return static_cast<int32_t>(out);
}

/// For each `at_once` channels and each four elements, a word of each channel, or two where weights are wide.
std::vector<int32_t> interleaved(Filters filters, size_t at_once, bool wide) {
  size_t const elements = (filters[0].size() + kElementsAtOnce - 1) / kElementsAtOnce * kElementsAtOnce;
  filters.resize((filters.size() + at_once - 1) / at_once * at_once);
  for (auto& f : filters) f.resize(elements);
  std::vector<int32_t> out;
  for (size_t first = 0; first < filters.size(); first += at_once)
    for (size_t e = 0; e < elements; e += kBytesOfWord)
      for (size_t c = first; c < first + at_once; ++c) {
        const int8_t* const four = filters[c].data() + e;
        if (!wide)
          out.push_back(word_of_bytes(four));
        else
          out.insert(out.end(), {word_of_lanes(four[0], four[2]), word_of_lanes(four[1], four[3])});
      }
  return out;
}

ConstantArray words(const std::vector<int32_t>& weights) {
  return constant_array("weights", ElementType::i32, weights);
}

OtherCall conv2d(const KernelCall& call, const LayerConstants8& constants, bool wide) {
  const auto& p = call.params_as<nw_conv2d_params>();
  const nw_window& w = p.window;
  if (p.filter_c != w.input_c) return {{}, "it has groups"};
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
  constexpr size_t kAtOnce = 2;
  LayerOutput const y = output_of(call);
  Filters const filters = rows_of(constants.weights, static_cast<size_t>(w.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, kAtOnce);
  if (!channels.declined.empty()) return {{}, channels.declined};
  nw_packed_window_params const params{w, y.input_zero_point, y.min, y.max};
  return {packed_call(wide ? kDspConv2dI8Wide : kDspConv2dI8, params, call, words(interleaved(filters, kAtOnce, wide)),
                      words_of(channels), NW_DSP_CONV2D_SCRATCH(static_cast<int64_t>(filters[0].size()))),
          {}};
}

OtherCall depthwise(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_depthwise_conv2d_params>();
  const nw_window& w = p.window;
  if (w.output_c != w.input_c) return {{}, "its input channels have several output channels each"};
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
  constexpr int kSide = 3;
  if (w.filter_h != kSide || w.filter_w != kSide) return {{}, "its filters are not 3x3"};
  if (w.stride_h != w.stride_w || w.stride_w > 2) return {{}, "its strides are neither 1 nor 2"};
  LayerOutput const y = output_of(call);
  Filters const filters = columns_of(constants.weights, static_cast<size_t>(w.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, 1);
  if (!channels.declined.empty()) return {{}, channels.declined};
  std::vector<int32_t> weights;
  for (const auto& f : filters)
    for (size_t row = 0; row < kSide; ++row)
      weights.insert(weights.end(),
                     {word_of_lanes(f[kSide * row], f[kSide * row + 2]), word_of_lanes(f[kSide * row + 1], 0)});
  nw_packed_window_params const params{w, y.input_zero_point, y.min, y.max};
  return {packed_call(kDspDepthwise3x3I8, params, call, words(weights), words_of(channels),
                      int64_t{NW_DSP_DEPTHWISE3X3_ROWS(w)} * NW_DSP_DEPTHWISE3X3_COLUMNS(w)),
          {}};
}

OtherCall fully_connected(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_fully_connected_params>();
  if (p.filter_zero_point != 0) return {{}, "its weights have a zero point"};
  constexpr size_t kAtOnce = 4;
  LayerOutput const y = output_of(call);
  Filters const filters = rows_of(constants.weights, static_cast<size_t>(p.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, kAtOnce);
  if (!channels.declined.empty()) return {{}, channels.declined};
  nw_dsp_dense_params const params{p.rows, p.input_c, p.output_c, y.min, y.max};
  return {packed_call(kDspFullyConnectedI8, params, call, words(interleaved(filters, kAtOnce, false)),
                      words_of(channels), NW_DSP_FULLY_CONNECTED_SCRATCH(static_cast<int64_t>(p.input_c))),
          {}};
}

}  // namespace

OtherCall dsp_call(const KernelCall& call, const LayerConstants8& constants, bool wide) {
  LayerKey const key{};  // 8 bits everywhere, rounded twice
  auto is = [&](std::span<const LayerKernel> kernels) { return call.kernel == find_kernel(kernels, key); };
  if (call.kernel == &kAddI8) return packed_add(kDspAddI8, call);
  if (constants.weights.empty()) return {};
  if (is(conv2d_kernels())) return conv2d(call, constants, wide);
  if (is(depthwise_conv2d_kernels())) return depthwise(call, constants);
  if (is(fully_connected_kernels())) return fully_connected(call, constants);
  return {};
}

}  // namespace narrow
