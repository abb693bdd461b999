#include "emit/c/dsp_width_calls.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "emit/c/folded_weights.h"
#include "nw_requantize.h"
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "rows/dsp_widths.h"
#include "rows/layers.h"

namespace narrow {
namespace {

constexpr size_t kFour = 4, kEight = 8;  // elements of a filter

uint32_t byte_of(int value, size_t at) {
  return (static_cast<uint32_t>(value) & 0xFF) << (8 * at);
}

/// The words of four elements for the filters v and w of two channels: dsp_six_sums.h.
using WordsOfFour = std::vector<uint32_t> (*)(const int8_t* v, const int8_t* w);

/// Two words: the elements i and j of both, and the others.
std::vector<uint32_t> plain(const int8_t* v, const int8_t* w, size_t i, size_t j, size_t k, size_t l) {
  auto word = [&](size_t a, size_t b) {
    return byte_of(v[a], 0) | byte_of(w[a], 1) | byte_of(v[b], 2) | byte_of(w[b], 3);
  };
  return {word(i, j), word(k, l)};
}
std::vector<uint32_t> halfwords(const int8_t* v, const int8_t* w) {
  return plain(v, w, 0, 1, 2, 3);
}
std::vector<uint32_t> bytes(const int8_t* v, const int8_t* w) {
  return plain(v, w, 0, 2, 1, 3);
}

std::vector<uint32_t> folded(const int8_t* v, const int8_t* w) {
  return {static_cast<uint32_t>(folded_word(v)), static_cast<uint32_t>(folded_word(w))};
}

std::vector<uint32_t> nibbles(const int8_t* v, const int8_t* w) {
  auto pair = [](const int8_t* f, size_t i) { return 16 * f[i + 1] + f[i] + 8; };
  return {byte_of(pair(v, 0), 0) | byte_of(pair(w, 0), 1) | byte_of(pair(v, 2), 2) | byte_of(pair(w, 2), 3)};
}

/// For each `at_once` channels and each four elements the words of each two channels.
std::vector<int32_t> by_channels(Filters filters, size_t at_once, WordsOfFour words) {
  size_t const elements = (filters[0].size() + kEight - 1) / kEight * kEight;
  filters.resize((filters.size() + at_once - 1) / at_once * at_once);
  for (auto& f : filters) f.resize(elements);
  std::vector<int32_t> out;
  for (size_t first = 0; first < filters.size(); first += at_once)
    for (size_t e = 0; e < elements; e += kFour)
      for (size_t c = first; c < first + at_once; c += 2)
        for (uint32_t word : words(filters[c].data() + e, filters[c + 1].data() + e))
          out.push_back(static_cast<int32_t>(word));
  return out;
}

/// For each channel and row of a 3x3 filter a word of its taps 0, 1, 1, 2.
std::vector<int32_t> taps_in_bytes(const Filters& filters) {
  std::vector<int32_t> out;
  for (const auto& f : filters)
    for (size_t r = 0; r < f.size(); r += 3)
      out.push_back(
          static_cast<int32_t>(byte_of(f[r], 0) | byte_of(f[r + 1], 1) | byte_of(f[r + 1], 2) | byte_of(f[r + 2], 3)));
  return out;
}

/// Taps one after the other, eight in a word.
std::vector<int32_t> taps_in_nibbles(const Filters& filters) {
  std::vector<uint32_t> out;
  size_t at = 0;
  for (const auto& f : filters)
    for (int8_t tap : f) {
      if (at % kEight == 0) out.push_back(0);
      out.back() |= (static_cast<uint32_t>(tap) & 15) << (4 * (at++ % kEight));
    }
  return {out.begin(), out.end()};
}

/// What is known of a channel before it is packed: the sum that no input adds to, of which padding holds the zero
/// point, and the most that products may add, to either side.
struct Sums {
  int64_t begin = 0, most = 0;
  int multiplier = 0, shift = 0;
};

std::vector<Sums> sums_of(const Filters& filters, const std::vector<int64_t>& bias, const LayerOutput& y,
                          int64_t most_input) {
  std::vector<Sums> out;
  for (size_t c = 0; c < filters.size(); ++c) {
    size_t const i = c * static_cast<size_t>(y.channel_step);
    int64_t sum = 0, magnitudes = 0;
    for (int8_t w : filters[c]) {
      sum += w;
      magnitudes += std::abs(int{w});
    }
    int64_t const own = bias.empty() ? 0 : bias[c];
    out.push_back({own - y.input_zero_point * sum, most_input * magnitudes, y.multiplier[i], y.shift[i]});
  }
  return out;
}

/// The records of all channels and of ones of zeros up to a multiple of `at_once`, or why there are none.
struct Records {
  std::vector<int32_t> words;
  std::string declined;
};

constexpr const char* kSumsTooLarge = "its sums may need more than 32 bits";
constexpr int64_t kByte = 128, kHalfword = 32768;  // the largest magnitudes of inputs

void fill(Records& records, size_t channels, size_t at_once) {
  records.words.resize(records.words.size() / channels * ((channels + at_once - 1) / at_once * at_once));
}

Records records_of_i16(const Filters& filters, const std::vector<int64_t>& bias, const LayerOutput& y, size_t at_once) {
  Records out;
  if (y.zero_point != 0 || y.input_zero_point != 0) return {{}, "it has zero points"};
  for (const Sums& s : sums_of(filters, bias, y, kHalfword)) {
    if (std::abs(s.begin) + s.most > INT32_MAX) return {{}, kSumsTooLarge};
    int const multiplier = nw_reduce_multiplier(s.multiplier), shift = multiplier == 0 ? 1 : -1 - s.shift;
    if (shift < 1 || shift > 31) return {{}, "its factors are not from 2^-33 to 1/4"};
    out.words.insert(out.words.end(), {static_cast<int32_t>(s.begin), multiplier, 1 << (shift - 1), shift});
  }
  fill(out, filters.size(), at_once);
  return out;
}

/// `scale_bits`: sums are 2^scale_bits times as large; `lower`: and of each channel that much less.
Records records_of_q7(const Filters& filters, const std::vector<int64_t>& bias, const LayerOutput& y, size_t at_once,
                      int scale_bits, const std::vector<int64_t>& lower) {
  Records out;
  auto const sums = sums_of(filters, bias, y, kByte);
  for (size_t c = 0; c < sums.size(); ++c) {
    const Sums& s = sums[c];
    int const shift = 1 - s.shift;
    if (s.multiplier != 1 << 30) return {{}, "its factors are no powers of two"};
    if (shift < 0 || shift + scale_bits > 31) return {{}, "its factors are not from 2^-23 to 1"};
    int64_t const half = shift > 0 ? int64_t{1} << (shift - 1) : 0;
    int64_t const begin = s.begin + half + y.zero_point * (int64_t{1} << shift);
    int64_t const unit = int64_t{1} << scale_bits;
    int64_t const first = begin * unit - (lower.empty() ? 0 : lower[c]);
    if ((std::abs(begin) + s.most) * unit > INT32_MAX || std::abs(first) > INT32_MAX) return {{}, kSumsTooLarge};
    out.words.insert(out.words.end(), {static_cast<int32_t>(first), shift + scale_bits});
  }
  fill(out, filters.size(), at_once);
  return out;
}

Records records_of_i4(const Filters& filters, const std::vector<int64_t>& bias, const LayerOutput& y, size_t at_once) {
  constexpr int64_t kMostSum = 1 << 30, kUnit = 16;
  constexpr int kMostLeft = 3;
  // What sums begin lower by, because of weights that are 8 too large, is below 2^14 times the elements.
  int64_t const shared = kByte * kByte * static_cast<int64_t>(filters[0].size() + kEight);
  Records out;
  for (const Sums& s : sums_of(filters, bias, y, kByte)) {
    int const left = s.multiplier == 0 ? 0 : std::max(0, s.shift),
              right = s.multiplier == 0 ? 0 : std::max(0, -s.shift);
    if (left > kMostLeft || right > kMostShift) return {{}, "its factors are not from 2^-23 to 8"};
    if ((std::abs(s.begin) + s.most) * kUnit + shared >= kMostSum) return {{}, kSumsTooLarge};
    int const half = right > 0 ? 1 << (right - 1) : 0,
              how = (right > 0 ? -(1 << 16) : 0) | (kMostLeft - left) << 8 | right;
    out.words.insert(out.words.end(),
                     {static_cast<int32_t>(s.begin * kUnit), s.multiplier, half + y.zero_point * (1 << right), how});
  }
  fill(out, filters.size(), at_once);
  return out;
}

/// What there are kernels for.
enum class LayerWidth : uint8_t { i16, q7, i4 };

/// A layer packed for `at_once` channels at a time; `any`: for the kernel that takes any weights.
struct PackedWidth {
  std::vector<int32_t> weights;
  Records records;
  bool any = false;
};

PackedWidth packed(LayerWidth width, const Filters& filters, const std::vector<int64_t>& bias, const LayerOutput& y,
                   size_t at_once) {
  if (width == LayerWidth::i16)
    return {by_channels(filters, at_once, halfwords), records_of_i16(filters, bias, y, at_once)};
  if (width == LayerWidth::i4)
    return {by_channels(filters, at_once, nibbles), records_of_i4(filters, bias, y, at_once)};
  if (std::ranges::all_of(filters, folds)) {
    std::vector<int64_t> lower;
    for (const auto& f : filters) lower.push_back(added_to_folded(f));
    Records records = records_of_q7(filters, bias, y, at_once, kFoldedBits, lower);
    if (records.declined.empty()) return {by_channels(filters, at_once, folded), std::move(records)};
  }
  return {by_channels(filters, at_once, bytes), records_of_q7(filters, bias, y, at_once, 0, {}), true};
}

OtherCall finished(const KernelCall& call, const Kernel& kernel, const auto& params,
                   const std::vector<int32_t>& weights, const Records& records, int64_t scratch_bytes) {
  if (!records.declined.empty()) return {{}, records.declined};
  return {packed_call(kernel, params, call, constant_array("weights", ElementType::i32, weights), records.words,
                      scratch_bytes),
          {}};
}

std::vector<int8_t> bytes_of(const LayerConstants& constants) {
  return {constants.weights.begin(), constants.weights.end()};
}

int64_t element_bytes(LayerWidth width) {
  return width == LayerWidth::i16 ? 2 : 1;
}

OtherCall conv2d(const KernelCall& call, const LayerConstants& constants, LayerWidth width) {
  const auto& p = call.params_as<nw_conv2d_params>();
  const nw_window& w = p.window;
  if (p.filter_c != w.input_c) return {{}, "it has groups"};
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
  constexpr size_t kAtOnce = 2;
  LayerOutput const y = output_of(call);
  Filters const filters = rows_of(bytes_of(constants), static_cast<size_t>(w.output_c));
  PackedWidth const x = packed(width, filters, constants.bias, y, kAtOnce);
  const Kernel& kernel = width == LayerWidth::i16  ? kDspConv2dI16
                         : width == LayerWidth::i4 ? kDspConv2dI4
                         : x.any                   ? kDspConv2dQ7Any
                                                   : kDspConv2dQ7;
  return finished(call, kernel, nw_packed_window_params{w, y.input_zero_point, y.min, y.max}, x.weights, x.records,
                  NW_DSP_THREE_PIXELS_SCRATCH(static_cast<int64_t>(filters[0].size()), element_bytes(width)));
}

OtherCall depthwise(const KernelCall& call, const LayerConstants& constants, LayerWidth width) {
  const auto& p = call.params_as<nw_depthwise_conv2d_params>();
  const nw_window& w = p.window;
  if (std::string why = declines_depthwise3x3(w); !why.empty()) return {{}, std::move(why)};
  LayerOutput const y = output_of(call);
  Filters filters = columns_of(bytes_of(constants), static_cast<size_t>(w.output_c));
  turn_with_plane(filters, w);
  const Kernel& kernel = width == LayerWidth::i16  ? kDspDepthwise3x3I16
                         : width == LayerWidth::i4 ? kDspDepthwise3x3I4
                                                   : kDspDepthwise3x3Q7;
  Records const records = width == LayerWidth::i16  ? records_of_i16(filters, constants.bias, y, 1)
                          : width == LayerWidth::i4 ? records_of_i4(filters, constants.bias, y, 1)
                                                    : records_of_q7(filters, constants.bias, y, 1, 0, {});
  return finished(call, kernel, nw_packed_window_params{w, y.input_zero_point, y.min, y.max},
                  width == LayerWidth::i4 ? taps_in_nibbles(filters) : taps_in_bytes(filters), records,
                  int64_t{NW_DSP_PLANE_SCRATCH(w)});
}

OtherCall fully_connected(const KernelCall& call, const LayerConstants& constants, LayerWidth width) {
  const auto& p = call.params_as<nw_fully_connected_params>();
  if (p.filter_zero_point != 0) return {{}, "its weights have a zero point"};
  constexpr size_t kAtOnce = 4;
  LayerOutput const y = output_of(call);
  Filters const filters = rows_of(bytes_of(constants), static_cast<size_t>(p.output_c));
  PackedWidth const x = packed(width, filters, constants.bias, y, kAtOnce);
  const Kernel& kernel = width == LayerWidth::i16  ? kDspFullyConnectedI16
                         : width == LayerWidth::i4 ? kDspFullyConnectedI4
                         : x.any                   ? kDspFullyConnectedQ7Any
                                                   : kDspFullyConnectedQ7;
  return finished(call, kernel, nw_dsp_rows_params{p.rows, p.input_c, p.output_c, y.min, y.max}, x.weights, x.records,
                  NW_DSP_ROW_SCRATCH(int64_t{p.input_c}, element_bytes(width)));
}

/// The width of a layer kernel's key that there are kernels for.
std::optional<LayerWidth> width_of(const LayerKey& key) {
  LayerKey const q7{.bias_bits = 0, .rounding = Rounding::single};
  LayerKey const i4{.weight_bits = 4, .bias_bits = 0};
  LayerKey i16{.activation_bits = 16, .sum_bits = 64, .bias_bits = 64, .rounding = Rounding::wide};
  if (key == q7) return LayerWidth::q7;
  if (key == i4) return LayerWidth::i4;
  if (key == i16) return LayerWidth::i16;
  i16.bias_bits = 0;
  if (key == i16) return LayerWidth::i16;
  return {};
}

}  // namespace

std::vector<int32_t> words_for_halfwords(Filters filters, size_t at_once) {
  return by_channels(std::move(filters), at_once, halfwords);
}

OtherCall dsp_width_call(const KernelCall& call, const LayerConstants& constants) {
  const LayerKey* const key = layer_key(*call.kernel);
  if (!key || constants.weights.empty()) return {};
  if (key->activation_bits == 16 && key->weight_bits == 16) return dsp_w16_call(call, constants);
  std::optional<LayerWidth> const width = width_of(*key);
  if (!width) return {};
  auto is = [&](std::span<const LayerKernel> kernels) { return call.kernel == find_kernel(kernels, *key); };
  if (is(conv2d_kernels())) return conv2d(call, constants, *width);
  if (is(depthwise_conv2d_kernels())) return depthwise(call, constants, *width);
  if (is(fully_connected_kernels())) return fully_connected(call, constants, *width);
  return {};
}

}  // namespace narrow
