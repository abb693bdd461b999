// Random layers of widths other than 8 bits, of the shapes of random_layers.h.
#pragma once

#include "emit/c/dsp_width_calls.h"
#include "emit/random_layers.h"

namespace narrow {

/// A layer, and its constants one by one.
template <class Activation, class Bias>
struct WidthLayer {
  LayerOf<Activation, Bias> layer;
  LayerConstants constants;
};
using Layer16 = WidthLayer<int16_t, int64_t>;
using LayerQ7 = WidthLayer<int8_t, int16_t>;
using Layer4 = WidthLayer<int8_t, int32_t>;

/// The shape of `shape`, for another kernel with other constants. `Finish` sets zero points, factors and biases.
template <class Made, class Params, class Finish>
Made reshaped(const Layer& shape, std::span<const LayerKernel> kernels, const LayerKey& key, int channels, Random& r,
              Finish finish) {
  Made out;
  Params p = shape.call.params_as<Params>();
  p.output.multiplier = nullptr;
  p.output.shift = nullptr;
  p.output.channel_step = r.chance(0.8) ? 1 : 0;
  std::vector<int32_t> multiplier;
  std::vector<int8_t> shift;
  std::vector<uint8_t> bias_shift;
  out.constants.weights.assign(shape.weights.begin(), shape.weights.end());
  finish(p, out, multiplier, shift, bias_shift, static_cast<size_t>(p.output.channel_step ? channels : 1));
  out.layer.call =
      kernel_call(*find_kernel(kernels, key), p, {operand(0), operand(1), operand(2), result(), scratch()});
  KernelCall& call = out.layer.call;
  call.point("output.multiplier", constant_array("multiplier", ElementType::i32, multiplier));
  call.point("output.shift", constant_array("shift", ElementType::i8, shift));
  if (!bias_shift.empty()) call.point("bias.shift", constant_array("bias_shift", ElementType::u8, bias_shift));
  if (out.layer.weights.empty()) out.layer.weights.assign(out.constants.weights.begin(), out.constants.weights.end());
  out.layer.inputs = shape.inputs;
  out.layer.outputs = shape.outputs;
  return out;
}

/// A clamp of results: none, that of RELU with the zero point `zero`, or any.
template <class Output>
void clamp(Output& o, int least, int most, int zero, Random& r) {
  o.min = r.chance(0.5) ? least : r.chance(0.5) ? zero : static_cast<nw_i32>(r.between(least, most));
  o.max = r.chance(0.7) ? most : static_cast<nw_i32>(r.between(o.min, most));
}

template <class Params>
Layer16 layer16(const Layer& shape, std::span<const LayerKernel> kernels, int channels, Random& r) {
  LayerKey const key{.activation_bits = 16, .sum_bits = 64, .bias_bits = 64, .rounding = Rounding::wide};
  return reshaped<Layer16, Params>(
      shape, kernels, key, channels, r,
      [&](Params& p, Layer16& l, auto& multiplier, auto& shift, auto&, size_t factors) {
        p.input_zero_point = p.output.zero_point = 0;
        clamp(p.output, -32768, 32767, 0, r);
        if (r.chance(0.8))
          for (int c = 0; c < channels; ++c) l.constants.bias.push_back(r.between(-20000000, 20000000));
        l.layer.bias = l.constants.bias;
        for (size_t c = 0; c < factors; ++c) {
          multiplier.push_back(r.chance(0.05) ? 0 : static_cast<int32_t>(r.between(1 << 30, INT32_MAX)));
          shift.push_back(static_cast<int8_t>(-(r.chance(0.8) ? r.between(7, 11) : r.between(2, 32))));
        }
      });
}

template <class Params>
LayerQ7 layer_q7(const Layer& shape, std::span<const LayerKernel> kernels, int channels, Random& r) {
  LayerKey const key{.bias_bits = 0, .rounding = Rounding::single};
  return reshaped<LayerQ7, Params>(
      shape, kernels, key, channels, r,
      [&](Params& p, LayerQ7& l, auto& multiplier, auto& shift, auto& bias_shift, size_t factors) {
        if (r.chance(0.7)) p.input_zero_point = p.output.zero_point = 0;
        clamp(p.output, -128, 127, p.output.zero_point, r);
        std::vector<int16_t>& weights = l.constants.weights;
        if (r.chance(0.5))  // weights that fold, or two that do not
          for (int16_t& w : weights) w = std::max<int16_t>(w, -127);
        else if (weights.size() >= 2 * static_cast<size_t>(channels))
          std::fill_n(weights.begin(), 2, static_cast<int16_t>(-128));
        p.bias.bits = 16;
        bool const shifted = r.chance(0.5);
        for (int c = 0; c < channels; ++c) {
          l.layer.bias.push_back(static_cast<int16_t>(r.between(-3000, 3000)));
          if (shifted) bias_shift.push_back(static_cast<uint8_t>(r.between(0, 4)));
          l.constants.bias.push_back(l.layer.bias.back() * (shifted ? 1 << bias_shift.back() : 1));
        }
        for (size_t c = 0; c < factors; ++c) {
          multiplier.push_back(1 << 30);
          shift.push_back(static_cast<int8_t>(1 - (r.chance(0.8) ? r.between(7, 12) : r.between(0, 20))));
        }
      });
}

template <class Params>
Layer4 layer4(const Layer& shape, std::span<const LayerKernel> kernels, int channels, Random& r) {
  LayerKey const key{.weight_bits = 4, .bias_bits = 0};
  return reshaped<Layer4, Params>(
      shape, kernels, key, channels, r,
      [&](Params& p, Layer4& l, auto& multiplier, auto& shift, auto&, size_t factors) {
        clamp(p.output, -128, 127, p.output.zero_point, r);
        for (int16_t& w : l.constants.weights) w = static_cast<int16_t>(NW_FLOOR_SHIFT(w, 4));
        for (size_t i = 0; i < l.constants.weights.size(); ++i) {
          if (i % 2 == 0) l.layer.weights.push_back(0);
          uint32_t const bits = static_cast<uint32_t>(l.constants.weights[i]) & 15;
          l.layer.weights.back() =
              static_cast<int8_t>(static_cast<uint8_t>(l.layer.weights.back()) | bits << i % 2 * 4);
        }
        p.bias.bits = 32;
        if (r.chance(0.8))
          for (int c = 0; c < channels; ++c) l.layer.bias.push_back(static_cast<int32_t>(r.between(-2000, 2000)));
        l.constants.bias.assign(l.layer.bias.begin(), l.layer.bias.end());
        for (size_t c = 0; c < factors; ++c) {
          multiplier.push_back(r.chance(0.05) ? 0 : static_cast<int32_t>(r.between(1 << 30, INT32_MAX)));
          shift.push_back(static_cast<int8_t>(-(r.chance(0.8) ? r.between(2, 6) : r.between(-3, 22))));
        }
      });
}

/// 16-bit weights; factors as they are, or powers of two.
template <class Params>
Layer16 layer_w16(const Layer& shape, std::span<const LayerKernel> kernels, int channels, Random& r) {
  LayerKey const key{
      .activation_bits = 16, .weight_bits = 16, .sum_bits = 64, .bias_bits = 0, .rounding = Rounding::wide};
  return reshaped<Layer16, Params>(
      shape, kernels, key, channels, r,
      [&](Params& p, Layer16& l, auto& multiplier, auto& shift, auto&, size_t factors) {
        p.input_zero_point = p.output.zero_point = 0;
        clamp(p.output, -32768, 32767, 0, r);
        l.constants.weights = r.values<int16_t>(static_cast<int64_t>(shape.weights.size()));
        if (r.chance(0.1))
          std::fill(l.constants.weights.begin(), l.constants.weights.end(), static_cast<int16_t>(-32768));
        l.layer.weights.resize(2 * l.constants.weights.size());
        std::memcpy(l.layer.weights.data(), l.constants.weights.data(), l.layer.weights.size());
        p.bias.bits = 64;
        if (r.chance(0.8))
          for (int c = 0; c < channels; ++c) l.constants.bias.push_back(r.between(-10000000000, 10000000000));
        l.layer.bias = l.constants.bias;
        bool const powers = r.chance(0.5);
        for (size_t c = 0; c < factors; ++c) {
          int32_t const any = r.chance(0.05) ? 0 : static_cast<int32_t>(r.between(1 << 30, INT32_MAX));
          multiplier.push_back(powers ? 1 << 30 : any);
          shift.push_back(static_cast<int8_t>(-(r.chance(0.8) ? r.between(14, 18) : r.between(12, 45))));
        }
      });
}

/// A layer of each op of the width that `make` makes.
#define NARROW_WIDTH_LAYERS(name, made, make)                                                                    \
  inline made name##_conv2d(Random& r) {                                                                         \
    Layer const l = random_conv2d(r);                                                                            \
    return make<nw_conv2d_params>(l, conv2d_kernels(), l.call.params_as<nw_conv2d_params>().window.output_c, r); \
  }                                                                                                              \
  inline made name##_depthwise(Random& r) {                                                                      \
    Layer const l = random_depthwise(r);                                                                         \
    return make<nw_depthwise_conv2d_params>(l, depthwise_conv2d_kernels(),                                       \
                                            l.call.params_as<nw_depthwise_conv2d_params>().window.output_c, r);  \
  }                                                                                                              \
  inline made name##_dense(Random& r) {                                                                          \
    Layer const l = random_dense(r);                                                                             \
    return make<nw_fully_connected_params>(l, fully_connected_kernels(),                                         \
                                           l.call.params_as<nw_fully_connected_params>().output_c, r);           \
  }
NARROW_WIDTH_LAYERS(random16, Layer16, layer16)
NARROW_WIDTH_LAYERS(random_q7, LayerQ7, layer_q7)
NARROW_WIDTH_LAYERS(random4, Layer4, layer4)
NARROW_WIDTH_LAYERS(random_w16, Layer16, layer_w16)
#undef NARROW_WIDTH_LAYERS

/// ADD of two int16 operands of one shape; the second is in the layer's weights.
inline LayerOf<int16_t, int32_t> random_add16(Random& r) {
  nw_add_params p = random_add(r).call.params_as<nw_add_params>();
  for (nw_scaled_input* x : {&p.a, &p.b}) {
    bool const half = r.chance(0.5);
    *x = {0, half ? 1 << 30 : static_cast<nw_i32>(r.between(1 << 30, INT32_MAX)),
          half ? 0 : -static_cast<int>(r.between(1, 8))};
  }
  p.left_shift = 15;
  p.out_shift = -static_cast<int>(r.chance(0.8) ? r.between(12, 15) : r.between(1, 22));
  p.out_zero_point = 0;
  p.out_min = r.chance(0.5) ? -32768 : r.chance(0.5) ? 0 : static_cast<nw_i32>(r.between(-32768, 0));
  p.out_max = r.chance(0.7) ? 32767 : static_cast<nw_i32>(r.between(0, 32767));
  nw_i32 const n = p.shape.extent[NW_BROADCAST_RANK - 1];
  return {kernel_call(kAddI16, p, {operand(0), operand(1), result()}), r.values<int8_t>(2 * int64_t{n}), {}, n, n};
}

/// ADD or SUB of two int8 operands of one shape whose scales are powers of two.
inline Layer random_add_q7(Random& r) {
  nw_add_params p = random_add(r).call.params_as<nw_add_params>();
  p.a = {0, 0, static_cast<int>(r.between(0, 14))};
  p.b = {0, 0, static_cast<int>(r.between(0, 14))};
  p.sign = r.chance(0.7) ? 1 : -1;
  p.rounding = r.chance(0.7) ? NW_ROUND_HALF_UP : NW_ROUND_TRUNCATE;
  p.out_shift = static_cast<int>(r.chance(0.8) ? std::max(p.a.shift, p.b.shift) : r.between(0, 24));
  p.out_zero_point = 0;
  p.out_min = r.chance(0.5) ? -128 : r.chance(0.5) ? 0 : static_cast<nw_i32>(r.between(-128, 0));
  p.out_max = r.chance(0.7) ? 127 : static_cast<nw_i32>(r.between(0, 127));
  nw_i32 const n = p.shape.extent[NW_BROADCAST_RANK - 1];
  return {kernel_call(kAddByRuleI8, p, {operand(0), operand(1), result()}), r.values<int8_t>(n), {}, n, n};
}

/// The same of int16 operands.
inline LayerOf<int16_t, int32_t> random_add_q15(Random& r) {
  nw_add_params p = random_add_q7(r).call.params_as<nw_add_params>();
  p.out_min = r.chance(0.5) ? -32768 : r.chance(0.5) ? 0 : static_cast<nw_i32>(r.between(-32768, 0));
  p.out_max = r.chance(0.7) ? 32767 : static_cast<nw_i32>(r.between(0, 32767));
  nw_i32 const n = p.shape.extent[NW_BROADCAST_RANK - 1];
  return {
      kernel_call(kAddByRuleI16, p, {operand(0), operand(1), result()}), r.values<int8_t>(2 * int64_t{n}), {}, n, n};
}

}  // namespace narrow
