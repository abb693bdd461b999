// Random integer networks with dead channels give the same integers without them.
#include <gtest/gtest.h>

#include <cmath>

#include "dead_channels.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/def/totals.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

/// The widths of a network, and how it rounds.
struct Style {
  const char* name;
  DType data;
  DType bias;
  std::optional<Arithmetic> arithmetic;  // scales are powers of two
};

constexpr Arithmetic kHalfUp{RoundingRule::half_up, 32};
const Style kStyles[] = {{"int8", DType::int8, DType::int32, std::nullopt},
                         {"int16x8", DType::int16, DType::int64, std::nullopt},
                         {"q7", DType::int8, DType::int32, kHalfUp},
                         {"q7 with a small bias", DType::int8, DType::int8, kHalfUp}};

/// Networks of one input and one output in which filters are zero, channels unread and biases beyond all sums.
class Network {
 public:
  Network(const Style& style, Random& random) : style_(style), random_(random) {}

  int input(int height, int width, int channels) {
    return builder.input(
        {.dtype = style_.data, .shape = Shape::of({1, height, width, channels}), .quantization = scale(-6, -3)});
  }

  /// Adds an op on activations; kNoTensor where its operands do not fit.
  int op(const OpDef& def, Attributes attributes, std::vector<int> inputs, const Quantization& q) {
    auto const made = builder.infer_op(def, std::move(attributes), std::move(inputs),
                                       {.dtype = style_.data, .shape = {}, .quantization = q});
    if (!made) return kNoTensor;
    if (style_.arithmetic && def.quant.rounds_by_rule) builder.graph().ops.back().arithmetic = style_.arithmetic;
    return *made;
  }
  int op_of_same_scale(const OpDef& def, Attributes attributes, std::vector<int> inputs) {
    Quantization const q = builder.at(inputs[0]).quantization;
    return op(def, std::move(attributes), std::move(inputs), q);
  }

  /// A layer whose weights have the shape `w`; `axis` is that of its output channels, the last one that of its inputs.
  int layer(const OpDef& def, Attributes attributes, int x, const Shape& w, int axis) {
    int const outputs = w[axis];
    Quantization q{{}, {}, axis};
    bool const by_channel = random_.chance(0.6);
    for (int o = 0; o < (by_channel ? outputs : 1); ++o) q.scales.push_back(scale(-9, -6).scale());
    q.zero_points.resize(q.scales.size(), 0);
    int const weights = builder.constant({.dtype = DType::int8, .shape = w, .quantization = q}, filters(w, axis));
    auto const inputs = static_cast<double>(w.elements()) / outputs;
    Quantization of_bias{{}, std::vector<int64_t>(q.scales.size(), 0), 0};
    int const shift = style_.arithmetic ? static_cast<int>(random_.between(0, 3)) : 0;
    for (float s : q.scales) of_bias.scales.push_back(std::ldexp(builder.at(x).quantization.scale() * s, shift));
    std::vector<int> operands{x, weights};
    if (random_.chance(0.85)) operands.push_back(bias(outputs, 60 * 60 * std::sqrt(inputs), of_bias));
    double const result = builder.at(x).quantization.scale() * q.scales[0] * 50 * std::sqrt(inputs);
    double const exponent = std::log2(style_.data == DType::int8 ? result : result / 4);
    return op(def, std::move(attributes), operands, scale(exponent - 1, exponent + 1));
  }
  int conv(int x, int outputs, int size, int stride, Padding padding, bool relu) {
    int const channels = builder.shape(x).back();
    return layer(kConv2d,
                 Conv2dAttributes{.padding = padding,
                                  .stride_h = stride,
                                  .stride_w = stride,
                                  .activation = relu ? Activation::relu : Activation::none},
                 x, Shape::of({outputs, size, size, channels}), 0);
  }
  int depthwise(int x, int multiplier, Padding padding, bool relu) {
    int const channels = builder.shape(x).back();
    return layer(kDepthwiseConv2d,
                 DepthwiseConv2dAttributes{.padding = padding,
                                           .depth_multiplier = multiplier,
                                           .activation = relu ? Activation::relu : Activation::none},
                 x, Shape::of({1, 3, 3, channels * multiplier}), 3);
  }
  int dense(int x, int outputs, int inputs) {
    return layer(kFullyConnected, FullyConnectedAttributes{}, x, Shape::of({outputs, inputs}), 0);
  }

  Quantization scale(double lo, double hi) {
    bool const byte = style_.data == DType::int8 && !style_.arithmetic;
    float const s = random_.scale(lo, hi);
    int64_t const zero = !byte ? 0 : random_.chance(0.5) ? -128 : random_.between(-60, 60);
    return Quantization::of(style_.arithmetic ? std::exp2(std::round(std::log2(s))) : s, zero);
  }

  GraphBuilder builder;

 private:
  std::vector<int8_t> filters(const Shape& w, int axis) {
    int64_t const inner = w.product(axis + 1, w.rank()), outputs = w[axis];
    int64_t const inputs = axis == w.rank() - 1 ? 1 : w.back();
    std::vector<bool> zero_filter, unread;
    for (int64_t o = 0; o < outputs; ++o) zero_filter.push_back(random_.chance(0.35));
    for (int64_t i = 0; i < inputs; ++i) unread.push_back(random_.chance(0.15));
    std::vector<int8_t> out;
    for (int64_t e = 0; e < w.elements(); ++e) {
      bool const zero =
          zero_filter[static_cast<size_t>(e / inner % outputs)] || unread[static_cast<size_t>(e % inputs)];
      out.push_back(static_cast<int8_t>(zero ? 0 : random_.between(-127, 127)));
    }
    return out;
  }
  int bias(int outputs, double reach, const Quantization& q) {
    std::vector<int64_t> values;
    for (int o = 0; o < outputs; ++o) {
      double const least = random_.chance(0.2) ? -40 * reach : -reach;  // often below all sums
      double const v = random_.chance(0.2) ? 0 : random_.real(least, reach);
      values.push_back(static_cast<int64_t>(style_.bias == DType::int8 ? std::clamp(v, -128.0, 127.0) : v));
    }
    TensorSpec const spec{.dtype = style_.bias, .shape = Shape::of({outputs}), .quantization = q};
    if (style_.bias == DType::int8) return builder.constant(spec, std::vector<int8_t>(values.begin(), values.end()));
    if (style_.bias == DType::int32) return builder.constant(spec, std::vector<int32_t>(values.begin(), values.end()));
    return builder.constant(spec, values);
  }

  const Style& style_;
  Random& random_;
};

/// One more op of a random kind on `x`; `x` where it does not fit.
int random_op(Network& net, Random& random, int x) {
  int const channels = net.builder.shape(x).back();
  Padding const padding = random.chance(0.5) ? Padding::same : Padding::valid;
  auto const some = [&] { return static_cast<int>(random.between(1, 9)); };
  switch (random.between(0, 9)) {
    case 0:
    case 1:
      return net.conv(x, some(), 1, static_cast<int>(random.between(1, 2)), padding, random.chance(0.6));
    case 2:
      return net.conv(x, some(), 3, 1, padding, random.chance(0.6));
    case 3:
      return net.depthwise(x, random.chance(0.8) ? 1 : 2, padding, random.chance(0.6));
    case 4: {
      int const inside = net.conv(x, some(), 1, 1, padding, true);
      int const beside = inside == kNoTensor ? kNoTensor : net.conv(inside, channels, 3, 1, Padding::same, false);
      return beside == kNoTensor ? x : net.op(kAdd, AddAttributes{}, {x, beside}, net.scale(-5, -3));
    }
    case 5:
      return net.op_of_same_scale(
          random.chance(0.5) ? kMaxPool2d : kAveragePool2d,
          Pool2dAttributes{.padding = padding, .stride_h = 1, .stride_w = 1, .filter_h = 2, .filter_w = 2}, {x});
    case 6:
      return net.op_of_same_scale(kRelu, {}, {x});
    case 7: {
      int const around = net.builder.indices({0, 0, 1, 0, 0, 1, 0, 0});
      net.builder.at(around).shape = Shape::of({4, 2});
      return net.op_of_same_scale(kPad, {}, {x, around});
    }
    case 8: {
      auto const values = random.values<int8_t>(channels);
      Tensor const& t = net.builder.at(x);
      TensorSpec const spec{.dtype = t.dtype, .shape = Shape::of({channels}), .quantization = net.scale(-6, -4)};
      int const factor = t.dtype == DType::int8
                             ? net.builder.constant(spec, values)
                             : net.builder.constant(spec, std::vector<int16_t>(values.begin(), values.end()));
      if (random.chance(0.5)) return net.op(kMul, MulAttributes{}, {x, factor}, net.scale(-5, -3));
      return net.op(kAdd, AddAttributes{}, {x, factor}, net.scale(-5, -3));
    }
    default:
      return net.op(kQuantize, {}, {x}, net.scale(-5, -3));
  }
}

Model random_network(const Style& style, Random& random) {
  Network net(style, random);
  int x = net.input(static_cast<int>(random.between(4, 7)), static_cast<int>(random.between(4, 7)),
                    static_cast<int>(random.between(1, 4)));
  int64_t const ops = random.between(2, 7);
  for (int64_t i = 0; i < ops; ++i)
    if (int const next = random_op(net, random, x); next != kNoTensor) x = next;
  if (random.chance(0.7)) {
    int const channels = net.builder.shape(x).back();
    auto const pixels = static_cast<int>(net.builder.shape(x).elements() / channels);
    int inputs = channels;
    if (random.chance(0.5)) {
      x = net.op(kMean, ReduceAttributes{.keep_dims = random.chance(0.5)}, {x, net.builder.indices({1, 2})},
                 net.scale(-6, -4));
    } else {
      inputs *= pixels;
      if (random.chance(0.7))
        x = net.op_of_same_scale(kReshape, ReshapeAttributes{}, {x, net.builder.indices({1, inputs})});
    }
    x = net.dense(x, 5, inputs);
    if (random.chance(0.5)) x = net.dense(x, 3, 5);
  }
  net.builder.outputs({x});
  auto model = net.builder.finish();
  EXPECT_TRUE(model.has_value()) << model.error().what;
  return model ? *model : net.builder.model();
}

TEST(DeadChannels, RandomNetworksGiveTheSameOutputs) {
  Random random;
  SCOPED_TRACE(random.text());
  for (const Style& style : kStyles) {
    int smaller = 0, profiles = 0;
    int64_t before = 0, after = 0;
    for (int i = 0; i < 60; ++i) {
      SCOPED_TRACE(std::string(style.name) + " network " + std::to_string(i));
      Model const model = random_network(style, random);
      Model const less = without_dead_channels(model);
      profiles += expect_same_outputs(model, less, static_cast<unsigned>(random.between(0, 1 << 30)));
      smaller += totals(less).parameters < totals(model).parameters;
      before += totals(model).macs;
      after += totals(less).macs;
      if (::testing::Test::HasFailure()) return;
    }
    EXPECT_GE(smaller, 20) << style.name;
    EXPECT_GE(profiles, 30) << style.name;
    EXPECT_LT(after, before) << style.name;
  }
}

}  // namespace
}  // namespace narrow
