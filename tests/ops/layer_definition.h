// What integer layers compute, from docs/arithmetic.md and TFLite's description of the ops, in the plainest integers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "ops/layer_case.h"

namespace narrow {

/// Integers that hold every product.
__extension__ typedef __int128 Exact;  // NOLINT(modernize-use-using): only a typedef can be an extension

/// How sums become results: the names of docs/arithmetic.md, section Requantization.
enum class Rule { double_away, double_up, mixed, single, wide, float32, float64, said };

/// The row of docs/arithmetic.md, section Who uses which; nothing where a runtime has no kernel. Where the model says
/// its arithmetic, the profile is `narrow`.
inline std::optional<Rule> rule_of(const LayerCase& c, std::string_view profile_name) {
  bool const narrow = profile_name == "narrow", tflm = profile_name == "tflm", xnnpack = profile_name == "xnnpack";
  bool const litert = profile_name == "litert", dense = c.kind == LayerKind::dense;
  if (narrow && c.says) return Rule::said;
  DType const bias = c.bias_type.value_or(c.data_type == DType::int8           ? DType::int32
                                          : c.stated_bias_type == DType::int32 ? DType::int32
                                                                               : DType::int64);
  if (bias == DType::int8 || bias == DType::int16) return {};
  if (c.weight_type == DType::int4 && tflm &&
      (c.data_type == DType::int16 || c.kind == LayerKind::transpose || (dense && c.weight_scales.size() > 1)))
    return {};
  if (c.weight_type == DType::int16) {
    if (c.data_type != DType::int16 || !dense || tflm) return {};
    return Rule::wide;
  }
  if (c.data_type == DType::int8) {
    if (bias != DType::int32) return {};
    if (dense && litert) return Rule::float64;
    if (!xnnpack) return Rule::double_away;
    bool const sparse = c.weights[1] < c.stride.h || c.weights[2 % c.weights.size()] < c.stride.w;
    bool const left_to_litert = c.kind == LayerKind::transpose && c.padding == Padding::same && sparse;
    return left_to_litert ? Rule::mixed : Rule::float32;
  }
  if (dense && litert) return Rule::float64;
  if (bias == DType::int64) return dense && xnnpack ? Rule::float64 : Rule::wide;
  switch (c.kind) {
    case LayerKind::conv:
      return xnnpack && c.data[3] == c.weights[3] ? Rule::double_up : Rule::double_away;
    case LayerKind::depthwise:
      return narrow ? std::optional(Rule::double_away) : std::nullopt;
    case LayerKind::dense:
      return xnnpack ? Rule::double_up : Rule::double_away;
    default:
      if (tflm) return {};
      return xnnpack ? Rule::mixed : Rule::double_away;
  }
}

/// Whether sums have 64 bits (below 2^47) rather than 32.
inline bool wide_sums(const LayerCase& c, Rule rule) {
  if (c.says) return c.says->accumulator_bits == 64;
  return c.data_type == DType::int16 && (rule == Rule::wide || rule == Rule::float64);
}

/// One dimension of a sliding window: positions of results, and what SAME puts before the data.
struct Positions {
  int count = 0, before = 0;
};
inline Positions positions(int in, int filter, int stride, int dilation, Padding padding) {
  int const reach = (filter - 1) * dilation + 1;
  if (padding == Padding::valid) return {(in - reach) / stride + 1, 0};
  int const count = (in + stride - 1) / stride;
  return {count, std::max((count - 1) * stride + reach - in, 0) / 2};
}

/// Exact sums with the bias, of all samples, NHWC.
class LayerSums {
 public:
  explicit LayerSums(const LayerCase& c) : c_(c) {
    switch (c.kind) {
      case LayerKind::dense:
        dense();
        break;
      case LayerKind::transpose:
        transpose();
        break;
      default:
        slide();
    }
    for (size_t i = 0; i < sums.size(); ++i) {
      size_t const channel = i % static_cast<size_t>(c.channels());
      if (c.bias_type) sums[i] += c.bias[channel] * (int64_t{1} << (c.bias_shift.empty() ? 0 : c.bias_shift[channel]));
    }
  }

  std::vector<int64_t> sums;

 private:
  int64_t x(int n, int h, int w, int k) const {
    return c_.x[static_cast<size_t>(((n * c_.data[1] + h) * c_.data[2] + w) * c_.data[3] + k)] - c_.data_zero;
  }
  int64_t weight(int o, int h, int w, int k) const {
    return c_.w[static_cast<size_t>(((o * c_.weights[1] + h) * c_.weights[2] + w) * c_.weights[3] + k)];
  }
  int images() const { return c_.samples * c_.data[0]; }

  void dense() {
    int const in = c_.weights[1], rows = static_cast<int>(c_.x.size()) / in;
    for (int r = 0; r < rows; ++r)
      for (int o = 0; o < c_.weights[0]; ++o) {
        int64_t sum = 0;
        for (int i = 0; i < in; ++i)
          sum += (c_.x[static_cast<size_t>(r * in + i)] - c_.data_zero) * c_.w[static_cast<size_t>(o * in + i)];
        sums.push_back(sum);
      }
  }

  void slide() {
    Positions const h = positions(c_.data[1], c_.weights[1], c_.stride.h, c_.dilation.h, c_.padding);
    Positions const w = positions(c_.data[2], c_.weights[2], c_.stride.w, c_.dilation.w, c_.padding);
    for (int n = 0; n < images(); ++n)
      for (int row = 0; row < h.count; ++row)
        for (int col = 0; col < w.count; ++col)
          for (int o = 0; o < c_.channels(); ++o)
            sums.push_back(window(n, row * c_.stride.h - h.before, col * c_.stride.w - w.before, o));
  }

  /// One result, of the window whose first tap is at (top, left).
  int64_t window(int n, int top, int left, int o) const {
    int64_t sum = 0;
    for (int i = 0; i < c_.weights[1]; ++i)
      for (int j = 0; j < c_.weights[2]; ++j) {
        int const row = top + i * c_.dilation.h, col = left + j * c_.dilation.w;
        if (row < 0 || row >= c_.data[1] || col < 0 || col >= c_.data[2]) continue;
        if (c_.kind == LayerKind::depthwise) {
          sum += x(n, row, col, o / (c_.weights[3] / c_.data[3])) * weight(0, i, j, o);
          continue;
        }
        int const groups = c_.data[3] / c_.weights[3], group = o / (c_.weights[0] / groups);
        for (int k = 0; k < c_.weights[3]; ++k) sum += x(n, row, col, group * c_.weights[3] + k) * weight(o, i, j, k);
      }
    return sum;
  }

  /// Each element of the data adds a filter to the result; what SAME cuts off is what a convolution from the result to
  /// the data would pad.
  void transpose() {
    int const top = positions(c_.result.h, c_.weights[1], c_.stride.h, 1, c_.padding).before;
    int const left = positions(c_.result.w, c_.weights[2], c_.stride.w, 1, c_.padding).before;
    sums.resize(static_cast<size_t>(images() * c_.result.h * c_.result.w * c_.channels()));
    for (int n = 0; n < images(); ++n)
      for (int h = 0; h < c_.data[1]; ++h)
        for (int w = 0; w < c_.data[2]; ++w)
          for (int i = 0; i < c_.weights[1]; ++i)
            for (int j = 0; j < c_.weights[2]; ++j) {
              int const row = h * c_.stride.h + i - top, col = w * c_.stride.w + j - left;
              if (row < 0 || row >= c_.result.h || col < 0 || col >= c_.result.w) continue;
              for (int o = 0; o < c_.channels(); ++o)
                for (int k = 0; k < c_.data[3]; ++k)
                  sums[static_cast<size_t>(((n * c_.result.h + row) * c_.result.w + col) * c_.channels() + o)] +=
                      x(n, h, w, k) * weight(o, i, j, k);
            }
  }

  const LayerCase& c_;
};

/// Sums to results.
class LayerResults {
 public:
  LayerResults(const LayerCase& c, Rule rule) : c_(c), rule_(rule) {}

  int64_t operator()(int64_t sum, int channel) const {
    auto const [lo, hi] = bounds();
    if (rule_ == Rule::float32) {
      float const factor = c_.data_scale * c_.weight_scale(channel) / c_.result_scale;
      float const real = static_cast<float>(sum) * factor;
      float const below = static_cast<float>(lo - c_.result_zero), above = static_cast<float>(hi - c_.result_zero);
      return std::llrint(std::min(std::max(real, below), above)) + c_.result_zero;
    }
    Exact const rounded = rule_ == Rule::float64
                              ? static_cast<Exact>(std::round(static_cast<double>(sum) * factor(channel)))
                              : fixed(sum, channel);
    Exact const result = rounded + c_.result_zero;
    return static_cast<int64_t>(std::min<Exact>(std::max<Exact>(result, lo), hi));
  }

 private:
  /// M, in double; a dense layer with one weight scale takes the product of float32.
  double factor(int channel) const {
    float const x = c_.data_scale, w = c_.weight_scale(channel);
    bool const in_float = c_.kind == LayerKind::dense && c_.weight_scales.size() == 1 && rule_ != Rule::float64;
    double const product = in_float ? double{x * w} : double{x} * double{w};
    return product / double{c_.result_scale};
  }

  static Exact floor_shift(Exact v, int bits) {
    Exact const d = Exact{1} << bits;
    return v / d - (v % d < 0);
  }
  static Exact ties_up(Exact v, int bits) { return bits == 0 ? v : floor_shift(v + (Exact{1} << (bits - 1)), bits); }
  static Exact ties_away(Exact v, int bits) { return v < 0 ? -ties_up(-v, bits) : ties_up(v, bits); }
  static Exact ties_even(Exact v, int bits) {
    Exact const down = floor_shift(v, bits), rest = v - (down << bits), half = Exact{1} << (bits - 1);
    return down + (rest > half || (rest == half && down % 2 != 0));
  }

  Exact fixed(int64_t sum, int channel) const {
    int shift = 0;
    auto multiplier = static_cast<int64_t>(std::floor(std::frexp(factor(channel), &shift) * 0x1p31 + 0.5));
    if (multiplier == int64_t{1} << 31) {
      multiplier /= 2;
      ++shift;
    }
    if (shift < -31 && rule_ != Rule::said) return 0;  // M under 2^-32
    int bits = 31 - shift;
    if (wide_sums(c_, rule_)) {
      multiplier = std::min<int64_t>((multiplier + 0x8000) >> 16, 0x7FFF);
      bits -= 16;
    }
    Exact const product = Exact{sum} * multiplier;
    switch (rule_) {
      case Rule::single:
      case Rule::wide:
        return ties_up(product, bits);
      case Rule::said:
        return said(sum, product, multiplier, shift, bits);
      default:
        return twice(sum, multiplier, shift, rule_ == Rule::double_up || (rule_ == Rule::mixed && in_group(channel)));
    }
  }

  bool in_group(int channel) const { return channel < c_.channels() / 8 * 8; }

  static Exact twice(int64_t sum, int64_t multiplier, int shift, bool up) {
    Exact const high = ties_up((Exact{sum} << std::max(shift, 0)) * multiplier, 31);
    return up ? ties_up(high, std::max(-shift, 0)) : ties_away(high, std::max(-shift, 0));
  }

  /// By the rule that the model says.
  Exact said(int64_t sum, Exact product, int64_t multiplier, int shift, int bits) const {
    switch (c_.says->rounding) {
      case RoundingRule::twice:
        return twice(sum, multiplier, shift, false);
      case RoundingRule::half_up:
        return ties_up(product, bits);
      case RoundingRule::truncate:
        return floor_shift(product, bits);
      case RoundingRule::half_even:
        return ties_even(product, bits);
      default:
        return ties_away(product, bits);
    }
  }

  /// The bounds of the fused activation, inside the type.
  std::pair<int64_t, int64_t> bounds() const {
    int64_t const least = c_.data_type == DType::int8 ? -128 : -32768, most = -least - 1;
    auto at = [&](float v) {
      float const steps = v / c_.result_scale;
      double const q = rule_ == Rule::float32 ? std::rint(steps + static_cast<float>(c_.result_zero))
                                              : std::round(steps) + static_cast<double>(c_.result_zero);
      return static_cast<int64_t>(std::clamp(q, double(least), double(most)));
    };
    switch (c_.activation) {
      case Activation::relu:
        return {at(0), most};
      case Activation::relu6:
        return {at(0), at(6)};
      case Activation::relu_n1_to_1:
        return {at(-1), at(1)};
      default:
        return {least, most};
    }
  }

  const LayerCase& c_;
  Rule rule_;
};

/// The results of all samples under a profile that has the rule.
inline std::vector<int64_t> layer_results(const LayerCase& c, Rule rule) {
  auto sums = LayerSums(c).sums;
  LayerResults const finish(c, rule);
  for (size_t i = 0; i < sums.size(); ++i) sums[i] = finish(sums[i], static_cast<int>(i) % c.channels());
  return sums;
}

}  // namespace narrow
