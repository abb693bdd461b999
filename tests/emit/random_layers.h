// Random layers of portable kernels, and how the calls of other kernels that are to have the same results are run.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "emit/c/packed_layer.h"
#include "portable/arithmetic/add.h"
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
#include "portable/layers/fully_connected.h"
#include "random.h"
#include "rows/arithmetic.h"
#include "rows/layers.h"

namespace narrow {

inline constexpr int kLayers = 2500;  // of each kind

/// A call of a portable kernel with its constants, as they are stored.
template <class Activation, class Bias>
struct LayerOf {
  KernelCall call;
  std::vector<int8_t> weights;
  std::vector<Bias> bias;
  int64_t inputs = 0, outputs = 0;  // elements
};
using Layer = LayerOf<int8_t, int32_t>;

/// Factors and biases such that results are spread over the range; `products` of a sum.
template <class Params>
Layer layer(const Kernel& kernel, Params p, int channels, int64_t weights, int64_t products, Random& r) {
  Layer out;
  out.weights = r.values<int8_t>(weights);
  if (r.chance(0.8))
    for (int c = 0; c < channels; ++c) out.bias.push_back(static_cast<int32_t>(r.between(-20000, 20000)));
  p.input_zero_point = static_cast<nw_i32>(r.between(-128, 127));
  p.output.zero_point = static_cast<nw_i32>(r.between(-128, 127));
  p.output.channel_step = r.chance(0.8) ? 1 : 0;
  p.output.min = r.chance(0.7) ? -128 : static_cast<nw_i32>(r.between(-128, 0));
  p.output.max = r.chance(0.7) ? 127 : static_cast<nw_i32>(r.between(0, 127));
  std::vector<int32_t> multiplier;
  std::vector<int8_t> shift;
  int const typical = std::clamp(6 + static_cast<int>(products > 64) * 2, 1, 22);
  for (int c = 0; c < (p.output.channel_step ? channels : 1); ++c) {
    multiplier.push_back(r.chance(0.05) ? 0 : static_cast<int32_t>(r.between(1 << 30, INT32_MAX)));
    shift.push_back(static_cast<int8_t>(-(r.chance(0.8) ? typical : r.between(1, 22))));
  }
  out.call = kernel_call(kernel, p, {operand(0), operand(1), operand(2), result(), scratch()});
  out.call.point("output.multiplier", constant_array("multiplier", ElementType::i32, multiplier));
  out.call.point("output.shift", constant_array("shift", ElementType::i8, shift));
  return out;
}

inline nw_window window(Random& r, int most_filter, int most_depth) {
  nw_window w{};
  w.batches = w.dilation_h = w.dilation_w = 1;
  w.filter_h = static_cast<nw_i32>(r.between(1, most_filter));
  w.filter_w = static_cast<nw_i32>(r.between(1, most_filter));
  w.stride_h = static_cast<nw_i32>(r.between(1, 3));
  w.stride_w = r.chance(0.7) ? w.stride_h : static_cast<nw_i32>(r.between(1, 3));
  w.input_h = static_cast<nw_i32>(r.between(1, 9));
  w.input_w = static_cast<nw_i32>(r.between(1, 9));
  w.input_c = static_cast<nw_i32>(r.chance(0.5) ? 4 * r.between(1, 4) : r.between(1, most_depth));
  w.pad_top = static_cast<nw_i32>(r.between(0, w.filter_h - 1));
  w.pad_left = static_cast<nw_i32>(r.between(0, w.filter_w - 1));
  // Windows may stick out behind the image, as far as they do before it.
  w.output_h = std::max(
      1, (w.input_h + w.pad_top + static_cast<nw_i32>(r.between(0, w.filter_h - 1)) - w.filter_h) / w.stride_h + 1);
  w.output_w = std::max(
      1, (w.input_w + w.pad_left + static_cast<nw_i32>(r.between(0, w.filter_w - 1)) - w.filter_w) / w.stride_w + 1);
  w.output_c = static_cast<nw_i32>(r.between(1, 9));
  return w;
}

inline Layer random_conv2d(Random& r) {
  nw_conv2d_params p{};
  p.window = window(r, 5, 13);
  p.filter_c = p.window.input_c;
  const nw_window& w = p.window;
  int64_t const each = int64_t{w.filter_h} * w.filter_w * w.input_c;
  Layer out = layer(*find_kernel(conv2d_kernels(), {}), p, w.output_c, each * w.output_c, each, r);
  out.inputs = int64_t{w.input_h} * w.input_w * w.input_c;
  out.outputs = int64_t{w.output_h} * w.output_w * w.output_c;
  return out;
}

/// Filters are 3x3, as they mostly are, or of `any_size`.
inline Layer random_depthwise(Random& r, bool any_size = false) {
  nw_depthwise_conv2d_params p{};
  nw_window& w = p.window;
  do {
    w = window(r, 5, any_size ? 40 : 13);
    w.output_c = w.input_c;
    if (any_size) break;
    w.filter_h = w.filter_w = 3;
    w.stride_h = w.stride_w = static_cast<nw_i32>(r.between(1, 2));
    w.pad_top = static_cast<nw_i32>(r.between(0, 1));
    w.pad_left = static_cast<nw_i32>(r.between(0, 1));
    w.output_h = (w.input_h + w.pad_top + static_cast<nw_i32>(r.between(0, 1)) - 3) / w.stride_h + 1;
    w.output_w = (w.input_w + w.pad_left + static_cast<nw_i32>(r.between(0, 1)) - 3) / w.stride_w + 1;
  } while (w.input_h < 2 || w.input_w < 2 || w.output_h < 1 || w.output_w < 1);
  int64_t const taps = int64_t{w.filter_h} * w.filter_w;
  Layer out = layer(*find_kernel(depthwise_conv2d_kernels(), {}), p, w.output_c, taps * w.output_c, taps, r);
  out.inputs = int64_t{w.input_h} * w.input_w * w.input_c;
  out.outputs = int64_t{w.output_h} * w.output_w * w.output_c;
  return out;
}

inline Layer random_dense(Random& r) {
  nw_fully_connected_params p{};
  p.rows = static_cast<nw_i32>(r.between(1, 4));
  p.input_c = static_cast<nw_i32>(r.between(1, 70));
  p.output_c = static_cast<nw_i32>(r.between(1, 11));
  Layer out =
      layer(*find_kernel(fully_connected_kernels(), {}), p, p.output_c, int64_t{p.input_c} * p.output_c, p.input_c, r);
  out.inputs = int64_t{p.rows} * p.input_c;
  out.outputs = int64_t{p.rows} * p.output_c;
  return out;
}

/// ADD of two operands of one shape; one of them is the layer's input, the other its weights.
inline Layer random_add(Random& r) {
  nw_add_params p{};
  auto const n = static_cast<nw_i32>(r.between(1, 300));
  for (nw_i32& e : p.shape.extent) e = 1;
  p.shape.extent[NW_BROADCAST_RANK - 1] = n;
  p.shape.a_stride[NW_BROADCAST_RANK - 1] = p.shape.b_stride[NW_BROADCAST_RANK - 1] = 1;
  auto const operand_of = [&] {
    bool const half = r.chance(0.5);  // that with the larger scale
    return nw_scaled_input{static_cast<nw_i32>(r.between(-128, 127)),
                           half ? 1 << 30 : static_cast<nw_i32>(r.between(1 << 30, INT32_MAX)),
                           half ? 0 : -static_cast<int>(r.between(0, 6))};
  };
  p.a = operand_of();
  p.b = operand_of();
  p.sign = 1;
  p.left_shift = 20;
  p.out_multiplier = static_cast<nw_i32>(r.between(1 << 30, INT32_MAX));
  p.out_shift = -static_cast<int>(r.chance(0.8) ? r.between(17, 20) : r.between(1, 22));
  p.out_zero_point = static_cast<nw_i32>(r.between(-128, 127));
  p.out_min = r.chance(0.7) ? -128 : static_cast<nw_i32>(r.between(-128, 0));
  p.out_max = r.chance(0.7) ? 127 : static_cast<nw_i32>(r.between(0, 127));
  KernelCall const call = kernel_call(kAddI8, p, {operand(0), operand(1), result()});
  return {call, r.values<int8_t>(n), {}, n, n};
}

/// Runs the call's C function, as an emitted program calls it.
template <class Activation, class Bias>
void run(const KernelCall& call, const LayerOf<Activation, Bias>& layer, const Activation* input, Activation* output) {
  std::vector<std::byte> params = call.params;
  for (auto [field, index] : call.pointed) {
    const void* const at = call.arrays[index].bytes.data();
    std::memcpy(params.data() + field->offset, &at, sizeof at);
  }
  std::vector<uint64_t> memory(static_cast<size_t>(call.scratch_bytes / 8 + 2), 0x5A5A5A5A5A5A5A5A);
  std::vector<void*> pointers;
  for (const CallArgument& a : call.arguments) {
    using Source = CallArgument::Source;
    const void* at = nullptr;
    if (a.source == Source::operand)
      at = a.index == 0         ? static_cast<const void*>(input)
           : a.index == 1       ? static_cast<const void*>(layer.weights.data())
           : layer.bias.empty() ? nullptr
                                : layer.bias.data();
    if (a.source == Source::array) at = call.arrays[static_cast<size_t>(a.index)].bytes.data();
    if (a.source == Source::result) at = output;
    if (a.source == Source::scratch) at = memory.data();
    pointers.push_back(const_cast<void*>(at));
  }
  call.kernel->run({params.data(), pointers.data(), nullptr, nullptr, 1});
  size_t const used = static_cast<size_t>(call.scratch_bytes + 7) / 8;
  for (size_t i = used; i < memory.size(); ++i) ASSERT_EQ(memory[i], 0x5A5A5A5A5A5A5A5A) << "behind its scratch memory";
}

template <class Activation, class Bias>
std::vector<Activation> portable(const LayerOf<Activation, Bias>& l, const std::vector<Activation>& input) {
  std::vector<Activation> out(static_cast<size_t>(l.outputs));
  run(l.call, l, input.data(), out.data());
  return out;
}

/// The result where it lies over the input as far as the kernel permits.
template <class Activation, class Bias>
std::vector<Activation> overlapped(KernelCall call, const LayerOf<Activation, Bias>& l,
                                   const std::vector<Activation>& input, bool backwards) {
  const Overlap& o = call.kernel->overlaps[0];
  int64_t const lead = o.lead(call.params.data(), backwards);
  if (backwards) {
    int32_t const one = 1;
    std::memcpy(call.params.data() + call.kernel->params->find(o.backwards)->offset, &one, sizeof one);
  }
  int64_t const output_at = backwards ? lead : 0, input_at = backwards ? 0 : std::max<int64_t>(lead, 0);
  int64_t const from = backwards ? std::max<int64_t>(0, -lead) : 0;
  std::vector<Activation> memory(static_cast<size_t>(std::abs(lead) + l.inputs + l.outputs));
  std::copy(input.begin(), input.end(), memory.begin() + static_cast<std::ptrdiff_t>(input_at + from));
  Activation* const output = memory.data() + output_at + from;
  run(call, l, memory.data() + input_at + from, output);
  return {output, output + l.outputs};
}

/// Whether the kernel permits the result to begin where the input does.
template <class Activation, class Bias>
bool may_begin_at_input(const LayerOf<Activation, Bias>& l, const KernelCall& call) {
  return l.outputs <= l.inputs && call.kernel->may_overwrite(0, call.params.data(), l.outputs < l.inputs);
}

/// The same bytes as the portable kernel's for a random input, apart from it and wherever the kernel permits over it.
template <class Activation, class Bias>
void expect_same(const LayerOf<Activation, Bias>& l, const KernelCall& call, Random& r) {
  using Limits = std::numeric_limits<Activation>;
  auto input = r.values<Activation>(l.inputs);
  if (r.chance(0.1)) std::fill(input.begin(), input.end(), r.chance(0.5) ? Limits::min() : Limits::max());
  auto const wanted = portable(l, input);
  std::vector<Activation> out(wanted.size());
  run(call, l, input.data(), out.data());
  ASSERT_EQ(out, wanted) << to_text(call);
  for (bool backwards : {false, true}) {
    if (call.kernel->overlaps.empty() || (backwards && !call.kernel->overlaps[0].backwards)) continue;
    ASSERT_EQ(overlapped(call, l, input, backwards), wanted)
        << (backwards ? "backwards: " : "forwards: ") << to_text(call);
  }
  if (!may_begin_at_input(l, call)) return;
  run(call, l, input.data(), input.data());
  input.resize(wanted.size());
  ASSERT_EQ(input, wanted) << "in place: " << to_text(call);
}

class Taken {
 public:
  ~Taken() { EXPECT_GT(count_, kLayers * 3 / 4) << "too many layers were declined"; }
  bool operator()(const OtherCall& other) {
    count_ += other.call ? 1 : 0;
    EXPECT_NE(other.call.has_value(), !other.declined.empty());
    return other.call.has_value();
  }

 private:
  int count_ = 0;
};

}  // namespace narrow
