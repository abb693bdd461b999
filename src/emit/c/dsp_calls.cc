#include "emit/c/dsp_calls.h"

#include <vector>

#include "emit/c/dsp_rows.h"
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "rows/arithmetic.h"
#include "rows/dsp.h"
#include "rows/layers.h"

namespace narrow {
namespace {

/// Filters as their windows lie in dsp_window.h.
Filters as_windows_lie(const Filters& filters, const nw_window& w) {
  auto const channels = static_cast<size_t>(w.input_c), lanes = static_cast<size_t>(nw_dsp_pixel_lanes(&w));
  size_t const row = static_cast<size_t>(nw_dsp_row_words(&w)) * 2, pixels = static_cast<size_t>(w.filter_w);
  Filters out;
  for (const auto& f : filters) {
    std::vector<int8_t> lies(static_cast<size_t>(w.filter_h) * row);
    for (size_t i = 0; i < f.size(); ++i) {
      size_t const pixel = i / channels;
      lies[pixel / pixels * row + pixel % pixels * lanes + i % channels] = f[i];
    }
    out.push_back(std::move(lies));
  }
  out = in_eights(std::move(out));
  if (NW_DSP_SORTED(w)) return out;
  for (auto& f : out)
    for (size_t e = 0; e < f.size(); e += kBytesOfWord) std::swap(f[e + 1], f[e + 2]);
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
  Filters const lie = as_windows_lie(filters, w);
  Stored const how = stored(lie, constants.bias, y.input_zero_point, wide || !NW_DSP_SORTED(w));
  return {packed_call(how == Stored::wide ? kDspConv2dI8Wide : kDspConv2dI8, params, call,
                      words(interleaved(lie, kAtOnce, how)), words_of(channels, lie, how), nw_dsp_conv2d_scratch(&w)),
          {}};
}

constexpr size_t kTapsOfSide = 3;        // of depthwise filters
constexpr int64_t kBytesOfLines = 1024;  // of two channels that are wanted at once

/// Lines are rows, or columns where those are longer and all of a channel's lines may be there at once.
nw_dsp_depthwise_params depthwise_params(const nw_window& w, const LayerOutput& y, bool& columns) {
  nw_dsp_depthwise_params p{};
  p.channels = w.input_c;
  p.stride = w.stride_w;
  p.input_zero_point = y.input_zero_point;
  p.min = y.min;
  p.max = y.max;
  auto lie = [&](nw_i32 lines, nw_i32 length, nw_i32 output_lines, nw_i32 output_length, nw_i32 pad_lines,
                 nw_i32 pad_pixels) {
    p.lines = lines;
    p.length = length;
    p.output_lines = p.band = output_lines;
    p.output_length = output_length;
    p.pad_lines = pad_lines;
    p.pad_pixels = pad_pixels;
  };
  lie(w.input_w, w.input_h, w.output_w, w.output_h, w.pad_left, w.pad_top);
  p.input_line = p.output_line = w.input_c;
  p.input_pixel = w.input_w * w.input_c;
  p.output_pixel = w.output_w * w.input_c;
  columns = w.output_h > w.output_w && nw_dsp_depthwise3x3_scratch(&p) <= kBytesOfLines;
  if (columns) return p;
  lie(w.input_h, w.input_w, w.output_h, w.output_w, w.pad_top, w.pad_left);
  std::swap(p.input_line, p.input_pixel);
  std::swap(p.output_line, p.output_pixel);
  // A band's results may lie over the input if rows become no longer.
  constexpr nw_i32 kLeastBand = 4;
  while (p.output_length <= p.length && p.band > kLeastBand && nw_dsp_depthwise3x3_scratch(&p) > kBytesOfLines)
    --p.band;
  return p;
}

OtherCall depthwise(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_depthwise_conv2d_params>();
  const nw_window& w = p.window;
  if (w.input_c == 1 && w.output_c == 1) return {{}, "it has one channel"};
  if (std::string why = declines_depthwise3x3(w); !why.empty()) return {{}, std::move(why)};
  constexpr int kSide = static_cast<int>(kTapsOfSide);
  if (w.pad_top >= kSide || w.pad_left >= kSide) return {{}, "some of its windows lie in the padding"};
  LayerOutput const y = output_of(call);
  Filters const filters = columns_of(constants.weights, static_cast<size_t>(w.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, 1);
  if (!channels.declined.empty()) return {{}, channels.declined};
  bool columns = false;
  nw_dsp_depthwise_params const params = depthwise_params(w, y, columns);
  std::vector<int32_t> weights;
  for (const auto& f : filters)
    for (size_t line = 0; line < kTapsOfSide; ++line) {
      size_t const first = columns ? line : kTapsOfSide * line, step = columns ? kTapsOfSide : 1;
      int const a = kDouble * f[first], b = kDouble * f[first + step], c = kDouble * f[first + 2 * step];
      weights.insert(weights.end(), {word_of_lanes(a, b), word_of_lanes(b, c)});
    }
  return {packed_call(kDspDepthwise3x3I8, params, call, words(weights), words_of(channels, filters, Stored::wide),
                      nw_dsp_depthwise3x3_scratch(&params)),
          {}};
}

OtherCall fully_connected(const KernelCall& call, const LayerConstants8& constants, bool wide) {
  const auto& p = call.params_as<nw_fully_connected_params>();
  if (p.filter_zero_point != 0) return {{}, "its weights have a zero point"};
  constexpr size_t kAtOnce = 4;
  LayerOutput const y = output_of(call);
  Filters const filters = rows_of(constants.weights, static_cast<size_t>(p.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, kAtOnce);
  if (!channels.declined.empty()) return {{}, channels.declined};
  nw_dsp_dense_params const params{p.rows, p.input_c, p.output_c, y.min, y.max};
  Filters const lie = in_eights(filters);
  Stored const how = stored(lie, constants.bias, y.input_zero_point, wide);
  return {packed_call(how == Stored::wide ? kDspFullyConnectedI8Wide : kDspFullyConnectedI8, params, call,
                      words(interleaved(lie, kAtOnce, how)), words_of(channels, lie, how),
                      NW_DSP_FULLY_CONNECTED_SCRATCH(static_cast<int64_t>(p.input_c))),
          {}};
}

}  // namespace

OtherCall dsp_call(const KernelCall& call, const LayerConstants8& constants, bool wide) {
  LayerKey const key{};  // 8 bits everywhere, rounded twice
  auto is = [&](std::span<const LayerKernel> kernels) { return call.kernel == find_kernel(kernels, key); };
  if (call.kernel == &kAddI8) return packed_add(kDspAddI8, call, &kDspAddHalfI8);
  if (constants.weights.empty()) return {};
  if (is(conv2d_kernels())) return conv2d(call, constants, wide);
  if (is(depthwise_conv2d_kernels())) return depthwise(call, constants);
  if (is(fully_connected_kernels())) return fully_connected(call, constants, wide);
  return {};
}

}  // namespace narrow
