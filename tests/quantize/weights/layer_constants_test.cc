// Weights and biases in every width: scales, shifts, and what is never done silently.
#include "quantize/weights/layer_constants.h"

#include <gtest/gtest.h>

#include <cmath>

#include "one_op.h"
#include "ops/integer/own_arithmetic.h"
#include "quantize/params.h"

namespace narrow {
namespace {

Tensor constant(const Shape& shape, const std::vector<float>& values) {
  Tensor t;
  t.name = "c";
  t.shape = shape;
  t.constant = true;
  t.data = SharedBytes::copy_of(std::span<const float>(values));
  return t;
}

LayerSpec spec(const Settings& settings, int bits) {
  return {.input_scale = 0.01f,
          .output_scale = 0.05f,
          .max_input = bits == 16 ? 32768 : 128,
          .granularity = settings.granularity,
          .widths = layer_widths(settings, bits)};
}

/// The real value that a stored bias stands for.
double real(const Tensor& bias, size_t c) {
  const Quantization& q = bias.quantization;
  double const scale = static_cast<double>(q.scales[q.per_axis() ? c : 0]);
  if (bias.dtype == DType::int8) return bias.values<int8_t>()[c] * scale;
  if (bias.dtype == DType::int16) return bias.values<int16_t>()[c] * scale;
  if (bias.dtype == DType::int32) return bias.values<int32_t>()[c] * scale;
  return static_cast<double>(bias.values<int64_t>()[c]) * scale;
}

TEST(LayerConstants, NarrowBiasesTakeTheLeastShift) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int i = 0; i < 500; ++i) {
    int const bits = random.chance(0.5) ? 8 : 16;
    std::vector<float> w(40), b(4);
    for (float& v : w) v = static_cast<float>(random.real(-1, 1));
    for (float& v : b) v = static_cast<float>(random.real(-1, 1)) * random.scale(-8, 8);
    LayerSpec const f = spec({.weights = random.chance(0.5) ? 8 : 16, .bias = bits}, random.chance(0.5) ? 8 : 16);
    Tensor const bias = constant(Shape::of({4}), b);
    LayerConstants const c = quantize_layer(constant(Shape::of({4, 10}), w), &bias, f);
    ASSERT_EQ(c.bias->bits, bits);
    ASSERT_EQ(element_bytes(c.bias->tensor.dtype) * 8, static_cast<size_t>(bits));
    double worst = 0;
    for (size_t k = 0; k < 4; ++k) {
      const Quantization &q = c.bias->tensor.quantization, &weights = c.weights.quantization;
      double const step = static_cast<double>(f.input_scale * weights.scales[weights.per_axis() ? k : 0]);
      double const scale = static_cast<double>(q.scales[q.per_axis() ? k : 0]);
      double const shift = std::log2(scale / step);
      EXPECT_EQ(shift, std::round(shift));
      EXPECT_GE(shift, 0);
      double const error = std::fabs(real(c.bias->tensor, k) - static_cast<double>(b[k]));
      EXPECT_LE(error, scale / 2 * (1 + 1e-9));
      if (shift > 0) {
        EXPECT_GT(std::fabs(static_cast<double>(b[k])) / (scale / 2), std::ldexp(1.0, bits - 1) - 1.5);
      }
      worst = std::max(worst, error / static_cast<double>(f.output_scale));
    }
    EXPECT_NEAR(c.bias->error, worst, 1e-9 + 1e-6 * worst);
  }
}

TEST(LayerConstants, AutomaticBiasesCostLessThanAQuarterStep) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int i = 0; i < 200; ++i) {
    std::vector<float> b(4);
    for (float& v : b) v = static_cast<float>(random.real(-1, 1)) * random.scale(-4, 12);
    Tensor const bias = constant(Shape::of({4}), b);
    LayerConstants const c =
        quantize_layer(constant(Shape::of({4, 1}), {1, 1, 1, 1}), &bias, spec({.bias = kAutoBias}, 8));
    EXPECT_TRUE(c.bias->bits == 32 || c.bias->error < 0.25) << c.bias->bits << " " << c.bias->error;
    if (c.bias->bits == 8) continue;
    LayerConstants const narrower =
        quantize_layer(constant(Shape::of({4, 1}), {1, 1, 1, 1}), &bias, spec({.bias = c.bias->bits / 2}, 8));
    EXPECT_GE(narrower.bias->error, 0.25);
  }
}

TEST(LayerConstants, ShortSumsAreProvedToFit) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int i = 0; i < 100; ++i) {
    bool const power_of_two = random.chance(0.5);
    std::vector<float> w(4 * 300), b(4);
    for (float& v : w) v = static_cast<float>(random.real(-1, 1));
    for (float& v : b) v = static_cast<float>(random.real(-100, 100));
    Tensor const bias = constant(Shape::of({4}), b);
    LayerConstants const c = quantize_layer(constant(Shape::of({4, 300}), w), &bias,
                                            spec({.weights = 16, .accumulator = 32, .power_of_two = power_of_two}, 16));
    auto const q = c.weights.values<int16_t>();
    for (size_t k = 0; k < 4; ++k) {
      double sum = 0;
      for (size_t j = 0; j < 300; ++j) sum += std::abs(q[k * 300 + j]);
      double const step = static_cast<double>(0.01f * c.weights.quantization.scales[k]);
      double const reached = sum * 32768 + std::fabs(real(c.bias->tensor, k)) / step;
      EXPECT_LT(reached, 0x1p31);
      EXPECT_GT(reached, power_of_two ? 0x1p29 : 0x1.fp30);  // the finest scale
    }
    EXPECT_EQ(c.widened_channels, 4);
    EXPECT_GT(c.weight_bits_left, 4);
    EXPECT_LT(c.weight_bits_left, 16);
  }
}

TEST(LayerConstants, PowersOfTwo) {
  Settings const q7{.power_of_two = true, .granularity = Granularity::tensor};
  auto weights = [&](std::vector<float> w) {
    return quantize_layer(constant(Shape::of({1, static_cast<int32_t>(w.size())}), w), nullptr, spec(q7, 8)).weights;
  };
  // A largest magnitude that is a power of two neither wraps nor is cut where that costs more than it gains.
  Tensor const one = weights({1, -0.5f, 0.25f});
  EXPECT_EQ(one.quantization.scale(), 0x1p-6f);
  EXPECT_EQ(one.values<int8_t>()[0], 64);
  std::vector<float> fine(50, 0x1p-7f);
  fine.push_back(1);
  EXPECT_EQ(weights(fine).quantization.scale(), 0x1p-7f);
  EXPECT_EQ(weights(fine).values<int8_t>()[50], 127);
  EXPECT_EQ(weights({1, -1}).quantization.zero_point(), 0);
  // Nothing but zeros.
  Tensor const zero = weights({0, 0});
  EXPECT_EQ(zero.quantization.scale(), 0x1p-7f);
  EXPECT_EQ(zero.values<int8_t>()[0], 0);
  // Fraction bits beyond the width, and fewer than none.
  EXPECT_EQ(fraction_bits(weights({0x1p-20f, 0x1.8p-21f}).quantization.scale()), 26);
  EXPECT_LT(*fraction_bits(weights({3000, 1000}).quantization.scale()), 0);
  EXPECT_LT(weights({3e38f, -3e38f}).values<int8_t>()[1], -100);
  EXPECT_GT(weights({1e-38f, 1e-40f}).quantization.scale(), 0);
}

TEST(LayerConstants, OneWeightScaleInQmnHasOneBiasShift) {
  Settings const q7{.power_of_two = true, .granularity = Granularity::tensor};
  Tensor const bias = constant(Shape::of({3}), {0.001f, 20, -0.5f});
  LayerConstants const c = quantize_layer(constant(Shape::of({3, 1}), {1, 0.5f, 0.25f}), &bias, spec(q7, 8));
  EXPECT_EQ(c.bias->tensor.quantization.scales.size(), 1u);
  EXPECT_EQ(c.bias->least_shift, c.bias->most_shift);
  EXPECT_NEAR(real(c.bias->tensor, 1), 20, static_cast<double>(c.bias->tensor.quantization.scale()) / 2);
}

TEST(PowerOfTwoParams, IsTheFinestThatHoldsTheRange) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int i = 0; i < 2000; ++i) {
    int const bits = random.chance(0.5) ? 8 : 16;
    auto const size = static_cast<float>(random.scale(-30, 30));
    Range const r{static_cast<float>(random.real(-1, 0)) * size, static_cast<float>(random.real(0, 1)) * size};
    QuantParams const g = power_of_two_params(r, bits);
    double const most = bits == 8 ? 127.5 : 32767.5;
    EXPECT_TRUE(fraction_bits(g.scale));
    EXPECT_EQ(g.zero_point, 0);
    auto holds = [&](double scale) {
      return static_cast<double>(r.hi) <= most * scale && static_cast<double>(r.lo) >= -(most + 1) * scale;
    };
    EXPECT_TRUE(holds(static_cast<double>(g.scale)));
    EXPECT_FALSE(holds(static_cast<double>(g.scale) / 2));
  }
  EXPECT_EQ(power_of_two_params({}, 8).scale, 0x1p-7f);
  EXPECT_EQ(power_of_two_params({-1, 127.0f / 128}, 8).scale, 0x1p-7f);
  EXPECT_EQ(power_of_two_params({-1, 1}, 8).scale, 0x1p-6f);
}

TEST(LayerConstants, BiasesAreTheNearestIntegers) {
  Tensor const w = constant(Shape::of({4, 1}), {127, 127, 127, 254}), b = constant(Shape::of({4}), {1, -1, 1, 1});
  for (int bits : {8, 16}) {
    LayerSpec s = spec({}, bits);
    s.input_scale = 0.375f;  // 1 is 2.67 steps of 0.375, and 1.33 of 0.75
    LayerConstants const c = quantize_layer(w, &b, s);
    for (size_t k = 0; k < 4; ++k) {
      double const nearest[] = {3, -3, 3, 1};
      double const step = k == 3 ? 0.75 : 0.375;
      EXPECT_EQ(real(c.bias->tensor, k), nearest[k] * step) << bits << " " << k;
    }
  }
}

TEST(LayerConstants, LargeBiasesEnlargeWeightScales) {
  float const step = 0.01f * (1.0f / 127), half = 0x1p30f * step;  // half of what 32 bits hold
  auto quantized = [](float bias) {
    Tensor const b = constant(Shape::of({2}), {bias, 1});
    return quantize_layer(constant(Shape::of({2, 1}), {1, 1}), &b, spec({}, 8));
  };
  EXPECT_EQ(quantized(half * 0.999f).widened_channels, 0);
  LayerConstants const c = quantized(half * 8);
  EXPECT_EQ(c.widened_channels, 1);
  EXPECT_NEAR(c.weights.quantization.scales[0] * 127, 8, 0.001);
  EXPECT_EQ(c.weights.quantization.scales[1], 1.0f / 127);
  EXPECT_LE(std::abs(c.bias->tensor.values<int32_t>()[0]), 1 << 30);
  EXPECT_NEAR(real(c.bias->tensor, 0), half * 8, half * 1e-6);
}

TEST(LayerConstants, KeptWeightsKeepBiasesThatFit32Bits) {
  Tensor weights = quantize_weights(constant(Shape::of({2, 1}), {1, 1}), 0, Granularity::channel);
  float const step = 0.01f * weights.quantization.scales[0];
  auto kept = [&](double steps) {
    Tensor const b = constant(Shape::of({2}), {1, static_cast<float>(steps * static_cast<double>(step))});
    return keep_layer(weights, &b, spec({}, 8));
  };
  auto const fits = kept(-0x1.fffffcp30);
  ASSERT_TRUE(fits);
  EXPECT_NEAR(fits->bias->tensor.values<int32_t>()[1], -0x1.fffffcp30, 300);
  EXPECT_EQ(fits->weights.quantization, weights.quantization);
  for (double beyond : {0x1.00001p31, -0x1.00001p31, 0x1p40}) {
    auto const refused = kept(beyond);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("bias of channel 1"), std::string::npos) << refused.error().what;
  }
  auto const wide = keep_layer(weights, nullptr, spec({}, 8));
  ASSERT_TRUE(wide);
  EXPECT_FALSE(wide->bias);
}

TEST(LayerConstants, KeptWeightsWithNarrowBiasesReach47Bits) {
  Tensor const weights = quantize_weights(constant(Shape::of({2, 1}), {1, 1}), 0, Granularity::channel);
  float const step = 0.01f * weights.quantization.scales[0];
  auto kept = [&](double steps) {
    Tensor const b = constant(Shape::of({2}), {1, static_cast<float>(steps * static_cast<double>(step))});
    return keep_layer(weights, &b, spec({.bias = 16}, 16));
  };
  ASSERT_TRUE(kept(0x1.ffp46));
  EXPECT_EQ(kept(0x1.ffp46)->bias->most_shift, 32);
  auto const refused = kept(0x1.01p47);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("channel 1 leaves 47 bits"), std::string::npos) << refused.error().what;
}

TEST(LayerConstants, FewerBitsAreRoundedToNearestWithinTheirLimits) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int bits : {4, 6})
    for (Granularity granularity : {Granularity::channel, Granularity::tensor})
      for (int i = 0; i < 50; ++i) {
        std::vector<float> w(40), b(4);
        for (float& v : w) v = static_cast<float>(random.real(-1, 1)) * random.scale(-3, 3);
        for (float& v : b) v = static_cast<float>(random.real(-1, 1)) * random.scale(-8, 8);
        std::fill_n(w.begin() + 10, 10, 0.0f);  // a dead channel, whose bias needs a scale all the same
        Tensor const bias = constant(Shape::of({4}), b);
        LayerConstants const c = quantize_layer(constant(Shape::of({4, 10}), w), &bias,
                                                spec({.weights = bits, .granularity = granularity}, 8));
        ASSERT_EQ(c.weights.dtype, DType::int8);
        EXPECT_EQ(c.weights.four_bits, bits == 4);
        const Quantization& q = c.weights.quantization;
        EXPECT_EQ(q.per_axis(), granularity == Granularity::channel);
        int most = 0;
        for (size_t k = 0; k < w.size(); ++k) {
          int const v = c.weights.values<int8_t>()[k];
          most = std::max(most, std::abs(v));
          double const scale = static_cast<double>(q.scales[q.per_axis() ? k / 10 : 0]);
          EXPECT_LE(std::fabs(static_cast<double>(w[k]) - v * scale), scale / 2 * (1 + 1e-6));
        }
        EXPECT_LE(most, symmetric_limit(bits));
        ASSERT_EQ(c.bias->tensor.dtype, DType::int32);
        for (size_t k = 0; k < b.size(); ++k) {
          EXPECT_LE(std::abs(int64_t{c.bias->tensor.values<int32_t>()[k]}), int64_t{1} << 30);
          double const step = static_cast<double>(c.bias->tensor.quantization.scales[q.per_axis() ? k : 0]);
          EXPECT_NEAR(real(c.bias->tensor, k), static_cast<double>(b[k]), step / 2 * (1 + 1e-6));
        }
      }
}

TEST(LayerWidths, ConflictsNameTheTwoOptions) {
  auto why = [](const Settings& s, int bits) { return conflict(layer_widths(s, bits)); };
  EXPECT_NE(why({.accumulator = 64}, 8).find("`activations=8`"), std::string::npos);
  EXPECT_NE(why({.accumulator = 64, .rounding = RoundingRule::twice}, 16).find("`rounding=double`"), std::string::npos);
  EXPECT_NE(why({.bias = 64}, 8).find("`bias=64`"), std::string::npos);
  EXPECT_NE(why({.rounding = RoundingRule::twice, .power_of_two = true}, 8).find("`scales=pow2`"), std::string::npos);
  EXPECT_EQ(why({}, 8), "");
  EXPECT_EQ(why({.weights = 16}, 16), "");
  EXPECT_TRUE(layer_widths({}, 8).is_tflite());
  EXPECT_TRUE(layer_widths({}, 16).is_tflite());
  EXPECT_TRUE(layer_widths({.bias = 32}, 16).is_tflite());
  EXPECT_FALSE(layer_widths({.bias = 16}, 8).is_tflite());
  for (int bits : {4, 6}) {
    EXPECT_TRUE(layer_widths({.weights = bits}, 8).is_tflite());
    EXPECT_TRUE(layer_widths({.weights = bits}, 16).is_tflite());
    EXPECT_FALSE(layer_widths({.weights = bits, .power_of_two = true}, 8).is_tflite());
  }
}

}  // namespace
}  // namespace narrow
