#include "emit/c/packed_layer.h"

#include <algorithm>
#include <cstdlib>

#include "portable/arithmetic/add.h"
#include "portable/packed_add.h"
#include "rows/describe.h"

namespace narrow {
namespace {

constexpr int64_t kMostSum = 1 << 30;  // of accumulators, which are doubled

}  // namespace

LayerOutput output_of(const KernelCall& call) {
  auto number = [&](const char* field) { return static_cast<int>(call.number(field)); };
  return {call.pointed_values<int32_t>("output.multiplier"),
          call.pointed_values<int8_t>("output.shift"),
          number("output.channel_step"),
          number("output.zero_point"),
          number("output.min"),
          number("output.max"),
          number("input_zero_point")};
}

Filters rows_of(std::span<const int8_t> weights, size_t channels) {
  size_t const each = weights.size() / channels;
  Filters out;
  for (size_t c = 0; c < channels; ++c)
    out.emplace_back(weights.begin() + static_cast<std::ptrdiff_t>(c * each),
                     weights.begin() + static_cast<std::ptrdiff_t>((c + 1) * each));
  return out;
}

Filters columns_of(std::span<const int8_t> weights, size_t channels) {
  Filters out(channels);
  for (size_t i = 0; i < weights.size(); ++i) out[i % channels].push_back(weights[i]);
  return out;
}

Channels channels_of(const Filters& filters, std::span<const int32_t> bias, const LayerOutput& y, size_t at_once) {
  Channels out;
  for (size_t c = 0; c < filters.size(); ++c) {
    size_t const i = c * static_cast<size_t>(y.channel_step);
    int64_t sum = 0, magnitudes = 0;
    for (int8_t w : filters[c]) {
      sum += w;
      magnitudes += std::abs(int{w});
    }
    int64_t const own = bias.empty() ? 0 : bias[c], begin = own - y.input_zero_point * sum;
    int const shift = y.multiplier[i] == 0 ? 1 : -y.shift[i];
    if (shift < 1 || shift > kMostShift) {
      out.declined = "its factors are not from 2^-23 to 1/2";
      return out;
    }
    constexpr int64_t kMostValue = 255;  // of an input less its zero point
    if (std::max(std::abs(own), std::abs(begin)) + kMostValue * magnitudes >= kMostSum) {
      out.declined = "its sums may need more than 30 bits";
      return out;
    }
    out.numbers.push_back(
        {static_cast<int32_t>(begin), y.multiplier[i], (1 << (shift - 1)) + y.zero_point * (1 << shift), shift});
  }
  out.numbers.resize((filters.size() + at_once - 1) / at_once * at_once);
  return out;
}

bool reads_in_order(const int32_t* extent, const int32_t* stride) {
  return reads_in_order(extent, stride, NW_BROADCAST_RANK);
}

bool is_pointwise(const nw_window& w) {
  return w.filter_h == 1 && w.filter_w == 1 && w.stride_h == 1 && w.stride_w == 1 && w.pad_top == 0 &&
         w.pad_left == 0 && w.output_h == w.input_h && w.output_w == w.input_w;
}

std::string declines_depthwise3x3(const nw_window& w) {
  if (w.output_c != w.input_c) return "its input channels have several output channels each";
  if (w.batches != 1 || w.dilation_h != 1 || w.dilation_w != 1) return "it has dilations or batches";
  if (w.filter_h != 3 || w.filter_w != 3) return "its filters are not 3x3";
  if (w.stride_h != w.stride_w || w.stride_w > 2) return "its strides are neither 1 nor 2";
  return {};
}

OtherCall packed_add(const Kernel& kernel, const KernelCall& call, const Kernel* half) {
  const auto& p = call.params_as<nw_add_params>();
  constexpr int kLeft = 20;
  if (!reads_in_order(p.shape.extent, p.shape.a_stride) || !reads_in_order(p.shape.extent, p.shape.b_stride))
    return {{}, "its operands have different shapes"};
  if (p.sign != 1 || p.left_shift != kLeft) return {};
  auto narrow_shift = [](int shift, int least) { return -shift >= least && -shift <= kMostShift; };
  if (!narrow_shift(p.a.shift, 0) || !narrow_shift(p.b.shift, 0) || !narrow_shift(p.out_shift, 1))
    return {{}, "its factors are not from 2^-23 to 1/2"};
  int const shift = -p.out_shift;
  nw_packed_add_params params{static_cast<nw_i32>(call.kernel->cost(call.params.data()).elements),
                              {p.a.zero_point, p.a.multiplier, -p.a.shift},
                              {p.b.zero_point, p.b.multiplier, -p.b.shift},
                              p.out_multiplier,
                              (1 << (shift - 1)) + p.out_zero_point * (1 << shift),
                              shift,
                              p.out_min,
                              p.out_max};
  auto is_half = [](const nw_packed_add_operand& o) { return o.multiplier == 1 << 30 && o.shift == 0; };
  bool const swapped = half && is_half(params.b);
  if (swapped) std::swap(params.a, params.b);
  KernelCall out = kernel_call(half && is_half(params.a) && params.b.shift > 0 ? *half : kernel, params, {});
  out.arguments = call.arguments;
  if (swapped) std::swap(out.arguments[0], out.arguments[1]);
  return {std::move(out), {}};
}

std::vector<int32_t> words_of(const Channels& channels) {
  std::vector<int32_t> out;
  for (const ChannelNumbers& c : channels.numbers) out.insert(out.end(), {c.begin, c.multiplier, c.addend, c.shift});
  return out;
}

}  // namespace narrow
