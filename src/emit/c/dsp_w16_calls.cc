// Layers with 16-bit activations and 16-bit weights by the DSP extension.
#include <cstdlib>

#include "emit/c/dsp_width_calls.h"
#include "nw_requantize.h"
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "rows/dsp_widths.h"
#include "rows/layers.h"

namespace narrow {
namespace {

using WideFilters = std::vector<std::vector<int16_t>>;

/// The filters of `channels` channels, padded with zeros to a multiple of eight elements, and channels of zeros up to a
/// multiple of `at_once`.
WideFilters wide_filters(const std::vector<int16_t>& weights, size_t channels, size_t at_once) {
  constexpr size_t kEight = 8;
  size_t const each = weights.size() / channels;
  WideFilters out;
  for (size_t c = 0; c < channels; ++c) {
    auto const first = weights.begin() + static_cast<std::ptrdiff_t>(c * each);
    out.emplace_back(first, first + static_cast<std::ptrdiff_t>(each));
    out.back().resize((each + kEight - 1) / kEight * kEight);
  }
  out.resize((channels + at_once - 1) / at_once * at_once, std::vector<int16_t>(out[0].size()));
  return out;
}

int32_t word_of_two(int16_t low, int16_t high) {
  return static_cast<int32_t>((static_cast<uint32_t>(low) & 0xFFFF) | static_cast<uint32_t>(high) << 16);
}

/// For each `at_once` channels and each two elements a word of two lanes of each channel.
ConstantArray lanes_of(const WideFilters& filters, size_t at_once) {
  std::vector<int32_t> out;
  for (size_t first = 0; first < filters.size(); first += at_once)
    for (size_t e = 0; e < filters[0].size(); e += 2)
      for (size_t c = first; c < first + at_once; ++c) out.push_back(word_of_two(filters[c][e], filters[c][e + 1]));
  return constant_array("weights", ElementType::i32, out);
}

void put_wide(std::vector<int32_t>& words, int64_t value) {
  words.push_back(static_cast<int32_t>(static_cast<uint64_t>(value) & 0xFFFFFFFF));
  words.push_back(static_cast<int32_t>(value >> 32));
}

/// The records of dsp_wide_sums.h, or why there are none.
struct WideRecords {
  std::vector<int32_t> words;
  std::string declined;
};

WideRecords records_of(const WideFilters& filters, size_t channels, const std::vector<int64_t>& bias,
                       const LayerOutput& y) {
  constexpr int kWord = 32, kMostTotal = 62;
  constexpr size_t kRecordWords = 6;
  constexpr int64_t kInput = 32768;
  WideRecords out;
  if (y.zero_point != 0 || y.input_zero_point != 0) return {{}, "it has zero points"};
  for (size_t c = 0; c < filters.size(); ++c) {
    if (c >= channels) {
      out.words.resize(out.words.size() + kRecordWords);
      continue;
    }
    size_t const i = c * static_cast<size_t>(y.channel_step);
    int64_t const begin = bias.empty() ? 0 : bias[c];
    int64_t most = std::abs(begin);
    for (int16_t w : filters[c]) most += kInput * std::abs(int{w});
    // acc * reduced / 2^total, as acc * multiplier / 2^(32 + shift)
    int64_t const reduced = nw_reduce_multiplier(y.multiplier[i]);
    int const total = reduced == 0 ? kWord : 15 - y.shift[i], left = total < kWord ? kWord - total : 0;
    int const shift = total > kWord ? total - kWord : 0;
    if (total < 17 || total > kMostTotal) return {{}, "its factors are not from 2^-48 to 1/4"};
    int64_t const multiplier = reduced << left;
    if (static_cast<double>(most) * static_cast<double>(multiplier) >= 0x1p62)
      return {{}, "its results may need more than 32 bits"};
    put_wide(out.words, begin);
    out.words.push_back(static_cast<int32_t>(multiplier));
    put_wide(out.words, int64_t{1} << (kWord - 1 + shift));
    out.words.push_back(shift);
  }
  return out;
}

}  // namespace

OtherCall dsp_w16_call(const KernelCall& call, const LayerConstants& constants) {
  LayerKey const key = *layer_key(*call.kernel);
  if (key.sum_bits != 64 || key.rounding != Rounding::wide) return {};
  auto is = [&](std::span<const LayerKernel> kernels) { return call.kernel == find_kernel(kernels, key); };
  LayerOutput const y = output_of(call);
  if (is(conv2d_kernels())) {
    constexpr size_t kAtOnce = 2;
    const auto& p = call.params_as<nw_conv2d_params>();
    const nw_window& w = p.window;
    if (p.filter_c != w.input_c) return {{}, "it has groups"};
    if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
    auto const channels = static_cast<size_t>(w.output_c);
    auto const filters = wide_filters(constants.weights, channels, kAtOnce);
    auto const records = records_of(filters, channels, constants.bias, y);
    if (!records.declined.empty()) return {{}, records.declined};
    return {packed_call(kDspConv2dW16, nw_packed_window_params{w, 0, y.min, y.max}, call, lanes_of(filters, kAtOnce),
                        records.words, NW_DSP_CONV2D_W16_SCRATCH(static_cast<int64_t>(filters[0].size()))),
            {}};
  }
  if (is(depthwise_conv2d_kernels())) {
    const nw_window& w = call.params_as<nw_depthwise_conv2d_params>().window;
    if (std::string why = declines_depthwise3x3(w); !why.empty()) return {{}, std::move(why)};
    WideFilters filters(static_cast<size_t>(w.output_c));
    for (size_t i = 0; i < constants.weights.size(); ++i) filters[i % filters.size()].push_back(constants.weights[i]);
    turn_with_plane(filters, w);
    auto const records = records_of(filters, filters.size(), constants.bias, y);
    if (!records.declined.empty()) return {{}, records.declined};
    std::vector<int32_t> taps;
    for (const auto& f : filters)
      for (size_t r = 0; r < f.size(); r += 3)
        for (size_t first : {r, r + 1}) taps.push_back(word_of_two(f[first], f[first + 1]));
    return {
        packed_call(kDspDepthwise3x3W16, nw_packed_window_params{w, 0, y.min, y.max}, call,
                    constant_array("weights", ElementType::i32, taps), records.words, int64_t{NW_DSP_PLANE_SCRATCH(w)}),
        {}};
  }
  if (is(fully_connected_kernels())) {
    constexpr size_t kAtOnce = 4;
    const auto& p = call.params_as<nw_fully_connected_params>();
    if (p.filter_zero_point != 0) return {{}, "its weights have a zero point"};
    auto const channels = static_cast<size_t>(p.output_c);
    auto const filters = wide_filters(constants.weights, channels, kAtOnce);
    auto const records = records_of(filters, channels, constants.bias, y);
    if (!records.declined.empty()) return {{}, records.declined};
    return {packed_call(kDspFullyConnectedW16, nw_dsp_rows_params{p.rows, p.input_c, p.output_c, y.min, y.max}, call,
                        lanes_of(filters, kAtOnce), records.words, NW_DSP_ROW_SCRATCH(int64_t{p.input_c}, 2)),
            {}};
  }
  return {};
}

}  // namespace narrow
