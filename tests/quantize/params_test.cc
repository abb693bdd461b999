// Quantization parameters of activations, at the ends of what ranges there are, and the integers of values.
#include "quantize/params.h"

#include <gtest/gtest.h>

namespace narrow {
namespace {

TEST(QuantParams, EightBitsHoldTheRangeFromEndToEnd) {
  auto expect = [](Range range, float scale, int32_t zero_point) {
    EXPECT_EQ(activation_params(range, 8), (QuantParams{DType::int8, scale, zero_point}));
  };
  expect({0, 255}, 1, -128);
  expect({-255, 0}, 1, 127);
  expect({-128, 127}, 1, 0);
  expect({-127, 128}, 1, -1);
  expect({-1, 1}, 2.0f / 255, -1);  // -128 + 127.5, rounded away from zero
  expect({0, 0}, 0x1p-7f, 0);
}

TEST(QuantParams, SixteenBitsAreSymmetric) {
  auto scale = [](Range range) {
    QuantParams const p = activation_params(range, 16);
    EXPECT_EQ(p.dtype, DType::int16);
    EXPECT_EQ(p.zero_point, 0);
    return p.scale;
  };
  EXPECT_EQ(scale({-32767, 1}), 1);
  EXPECT_EQ(scale({-1, 65534}), 2);
  EXPECT_EQ(scale({0, 0}), 0x1p-15f);
}

TEST(QuantParams, TinyRangesAreWidenedAtBothEnds) {
  for (Range const tiny : {Range{-1e-9f, 1e-9f}, Range{0, 1e-9f}, Range{-1e-9f, 0}, Range{0, 1e-38f}}) {
    double const width = static_cast<double>(tiny.hi) - static_cast<double>(tiny.lo) + 2e-6;
    QuantParams const p = activation_params(tiny, 8);
    EXPECT_EQ(p.scale, static_cast<float>(width / 255));
    EXPECT_NEAR(p.zero_point, 0, 1);
    EXPECT_EQ(activation_params(tiny, 16).scale, static_cast<float>(1e-6 / 32767));
  }
  EXPECT_EQ(activation_params({0, 0.9e-6f}, 8).scale, static_cast<float>((double{0.9e-6f} + 2e-6) / 255));
  EXPECT_EQ(activation_params({0, 1.1e-6f}, 8),
            (QuantParams{DType::int8, static_cast<float>(double{1.1e-6f} / 255), -128}));
}

TEST(QuantParams, WeightsThatAreAllButZeroHaveAScale) {
  EXPECT_EQ(weight_scale(0), weight_scale(1e-9f));
  EXPECT_FLOAT_EQ(weight_scale(0), 5e-7f / 127);
  EXPECT_FLOAT_EQ(weight_scale(5.1e-7f), 5.1e-7f / 127);
  EXPECT_FLOAT_EQ(weight_scale(5.1e-7f, 16), 5.1e-7f / 32767);
}

TEST(QuantParams, ValuesBeyondThemSaturate) {
  QuantParams const eight{DType::int8, 0.5f, 10}, sixteen{DType::int16, 0.5f, 0};
  for (float beyond : {59.0f, 1000.0f, 3e38f}) {
    EXPECT_EQ(quantize_value(beyond, eight), 127);
    EXPECT_EQ(quantize_value(-beyond - 10, eight), -128);
  }
  EXPECT_EQ(quantize_value(16383.5f, sixteen), 32767);
  EXPECT_EQ(quantize_value(16384, sixteen), 32767);
  EXPECT_EQ(quantize_value(-16384.5f, sixteen), -32768);
  EXPECT_EQ(quantize_value(0.25f, eight), 11);  // ties are rounded away from zero, before the zero point
  EXPECT_EQ(quantize_value(-0.25f, eight), 9);
}

TEST(QuantParams, HeadroomEndsAtTheBound) {
  ParamsRule const rule{.bits = 16, .headroom = 2, .bound = 6};
  EXPECT_EQ(rule.params({-1, 2}).scale, activation_params({-2, 4}, 16).scale);
  EXPECT_EQ(rule.params({0, 5}).scale, activation_params({0, 6}, 16).scale);
  EXPECT_EQ(rule.params({0, 7}).scale, activation_params({0, 7}, 16).scale);
  EXPECT_EQ(rule.before_headroom(6), 3);
  EXPECT_EQ(rule.before_headroom(7), 7);
  EXPECT_EQ((ParamsRule{.bits = 8, .power_of_two = true, .min_scale = 0.5f}.params({0, 1}).scale), 0.5f);
}

}  // namespace
}  // namespace narrow
