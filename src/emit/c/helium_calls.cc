#include "emit/c/helium_calls.h"

extern "C" {
#include "portable/arithmetic/add.h"
#include "portable/windows/pool.h"
}
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "rows/arithmetic.h"
#include "rows/helium.h"
#include "rows/layers.h"
#include "rows/windows.h"

namespace narrow {
namespace {

constexpr size_t kBytesOfVector = 16, kWordsOfVector = 4;

size_t up_to(size_t count, size_t multiple) {
  return (count + multiple - 1) / multiple * multiple;
}

/// For each four channels four words of each number.
std::vector<int32_t> in_fours(const Channels& channels) {
  std::vector<int32_t> out;
  for (size_t first = 0; first < channels.numbers.size(); first += kWordsOfVector) {
    auto add = [&](auto value) {
      for (size_t c = first; c < first + kWordsOfVector; ++c) out.push_back(value(channels.numbers[c]));
    };
    add([](const ChannelNumbers& c) { return c.begin; });
    add([](const ChannelNumbers& c) { return c.multiplier; });
    add([](const ChannelNumbers& c) { return c.addend; });
    add([](const ChannelNumbers& c) { return -c.shift; });
  }
  return out;
}

/// For each four channels and each vector of elements, that of each channel.
ConstantArray in_vectors(Filters filters) {
  size_t const elements = up_to(filters[0].size(), kBytesOfVector);
  filters.resize(up_to(filters.size(), kWordsOfVector));
  for (auto& f : filters) f.resize(elements);
  std::vector<int8_t> out;
  for (size_t first = 0; first < filters.size(); first += kWordsOfVector)
    for (size_t e = 0; e < elements; e += kBytesOfVector)
      for (size_t c = first; c < first + kWordsOfVector; ++c)
        out.insert(out.end(), filters[c].begin() + static_cast<std::ptrdiff_t>(e),
                   filters[c].begin() + static_cast<std::ptrdiff_t>(e + kBytesOfVector));
  return constant_array("weights", ElementType::i8, out);
}

OtherCall dense(const KernelCall& call, const LayerConstants8& constants, const LayerOutput& y,
                nw_helium_dense_params params) {
  Filters const filters = rows_of(constants.weights, static_cast<size_t>(params.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, kWordsOfVector);
  if (!channels.declined.empty()) return {{}, channels.declined};
  return {packed_call(kHeliumDenseI8, params, call, in_vectors(filters), in_fours(channels),
                      static_cast<int64_t>(up_to(filters[0].size(), kBytesOfVector))),
          {}};
}

OtherCall conv2d_in_vectors(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_conv2d_params>();
  const nw_window& w = p.window;
  if (p.filter_c != w.input_c) return {{}, "it has groups"};
  LayerOutput const y = output_of(call);
  if (is_pointwise(w))
    return dense(call, constants, y,
                 {w.batches * w.output_h * w.output_w, w.input_c, w.output_c, y.min, y.max, w.backwards});
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
  Filters const filters = rows_of(constants.weights, static_cast<size_t>(w.output_c));
  Channels const channels = channels_of(filters, constants.bias, y, kWordsOfVector);
  if (!channels.declined.empty()) return {{}, channels.declined};
  nw_packed_window_params const params{w, y.input_zero_point, y.min, y.max};
  return {packed_call(kHeliumConv2dI8, params, call, in_vectors(filters), in_fours(channels),
                      NW_HELIUM_CONV2D_SCRATCH(static_cast<int64_t>(filters[0].size()))),
          {}};
}

/// For each channel four words.
std::vector<int32_t> one_by_one(const Channels& channels) {
  std::vector<int32_t> out;
  for (const ChannelNumbers& c : channels.numbers) out.insert(out.end(), {c.begin, c.multiplier, c.addend, -c.shift});
  return out;
}

/// As helium_depthwise3x3.h wants them.
std::vector<int8_t> in_columns(const Filters& filters) {
  constexpr size_t kSide = 3;
  std::vector<int8_t> out(kSide + 1);
  for (const auto& f : filters) {
    for (size_t column = 0; column < kSide; ++column)
      out.insert(out.end(), {f[column], f[kSide + column], f[2 * kSide + column], 0});
    out.insert(out.end(), kSide + 1, 0);
  }
  return out;
}

/// As helium_depthwise.h wants them.
std::vector<int8_t> in_taps(const Filters& filters) {
  std::vector<int8_t> out;
  for (size_t tap = 0; tap < filters[0].size(); ++tap) {
    for (const auto& f : filters) out.push_back(f[tap]);
    out.resize(up_to(out.size(), kWordsOfVector));
  }
  return out;
}

bool goes_by_patches(const nw_window& w) {
  constexpr int kSide = 3;
  if (w.filter_h != kSide || w.filter_w != kSide || w.stride_h != w.stride_w) return false;
  return w.stride_h == 2 || (w.stride_h == 1 && w.output_h > 1 && w.output_w > 1);
}

OtherCall depthwise_in_vectors(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_depthwise_conv2d_params>();
  const nw_window& w = p.window;
  if (w.output_c != w.input_c) return {{}, "its input channels have several output channels each"};
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return {{}, "it has dilations or batches"};
  LayerOutput const y = output_of(call);
  Filters const filters = columns_of(constants.weights, static_cast<size_t>(w.output_c));
  bool const by_patches = goes_by_patches(w);
  Channels const channels = channels_of(filters, constants.bias, y, by_patches ? 1 : kWordsOfVector);
  if (!channels.declined.empty()) return {{}, channels.declined};
  nw_packed_window_params const params{w, y.input_zero_point, y.min, y.max};
  auto bytes = [](const std::vector<int8_t>& weights) { return constant_array("weights", ElementType::i8, weights); };
  if (by_patches)
    return {packed_call(kHeliumDepthwise3x3I8, params, call, bytes(in_columns(filters)), one_by_one(channels),
                        NW_HELIUM_DEPTHWISE3X3_SCRATCH(w)),
            {}};
  auto const elements = static_cast<int64_t>(constants.weights.size());
  return {packed_call(kHeliumDepthwiseI8, params, call, bytes(in_taps(filters)), in_fours(channels),
                      NW_HELIUM_CONV2D_SCRATCH(elements)),
          {}};
}

OtherCall dense_in_vectors(const KernelCall& call, const LayerConstants8& constants) {
  const auto& p = call.params_as<nw_fully_connected_params>();
  if (p.filter_zero_point != 0) return {{}, "its weights have a zero point"};
  LayerOutput const y = output_of(call);
  return dense(call, constants, y, {p.rows, p.input_c, p.output_c, y.min, y.max, 0});
}

OtherCall add_in_vectors(KernelCall call) {
  constexpr int kLeftShift = 20;
  constexpr int32_t kHalf = 1 << 30;  // as a multiplier
  const auto& p = call.params_as<nw_add_params>();
  if (!reads_in_order(p.shape.extent, p.shape.a_stride) || !reads_in_order(p.shape.extent, p.shape.b_stride))
    return {{}, "its operands have different shapes"};
  if (p.sign != 1) return {{}, "it is a difference"};
  auto serves = [](const nw_scaled_input& in) { return in.shift < 0 || in.multiplier == kHalf; };
  if (p.left_shift != kLeftShift || !serves(p.a) || !serves(p.b) || p.out_shift > -1 || p.out_shift < -kMostShift)
    return {{}, "its scales lie too far apart"};
  call.kernel = &kHeliumAddI8;
  return {std::move(call), {}};
}

OtherCall average_pool_in_vectors(KernelCall call) {
  constexpr int64_t kMostTaps = 255;
  const nw_window& w = call.params_as<nw_pool_params>().window;
  if (int64_t{w.filter_h} * w.filter_w > kMostTaps) return {{}, "its windows have more than 255 elements"};
  call.kernel = &kHeliumAveragePoolI8;
  return {std::move(call), {}};
}

}  // namespace

OtherCall helium_call(const KernelCall& call, const LayerConstants8& constants) {
  LayerKey const key{};  // 8 bits everywhere, rounded twice
  auto is = [&](std::span<const LayerKernel> kernels) { return call.kernel == find_kernel(kernels, key); };
  if (call.kernel == &kAddI8) return add_in_vectors(call);
  if (call.kernel == &kAveragePoolI8) return average_pool_in_vectors(call);
  if (constants.weights.empty()) return {};
  if (is(conv2d_kernels())) return conv2d_in_vectors(call, constants);
  if (is(depthwise_conv2d_kernels())) return depthwise_in_vectors(call, constants);
  if (is(fully_connected_kernels())) return dense_in_vectors(call, constants);
  return {};
}

}  // namespace narrow
