// Rounding strategies: the nearest integers, and that layers take whichever strategy they are given.
#include "quantize/weights/rounding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "quantize/weights/layer_constants.h"

namespace narrow {
namespace {

using ::testing::ElementsAre;

Tensor weights(const Shape& shape, const std::vector<float>& values) {
  Tensor t;
  t.shape = shape;
  t.constant = true;
  t.data = SharedBytes::copy_of(std::span<const float>(values));
  return t;
}

TEST(RoundingStrategy, NearestRoundsTiesAwayFromZeroAndSaturates) {
  Tensor const w = weights(Shape::of({2, 3}), {0.5F, -0.5F, 200, 1, -3, 0.9F});
  std::vector<float> const scales{1, 2};
  WeightChannels const channels = weight_channels(w, 0, Granularity::channel);
  ScaledWeights const layer{w, channels, scales};
  EXPECT_THAT(round_to_nearest(layer), ElementsAre(1, -1, 127, 1, -2, 0));
  Tensor const stored = store_weights(layer, round_to_nearest(layer));
  EXPECT_EQ(stored.dtype, DType::int8);
  EXPECT_EQ(stored.quantization.scales, scales);
  EXPECT_EQ(stored.values<int8_t>()[2], 127);
}

TEST(RoundingStrategy, SixteenBitsSaturateLater) {
  Tensor const w = weights(Shape::of({1, 2}), {40000, -200});
  std::vector<float> const scales{1};
  WeightChannels const channels = weight_channels(w, 0, Granularity::tensor);
  EXPECT_THAT(round_to_nearest({w, channels, scales, 16}), ElementsAre(32767, -200));
}

std::vector<int16_t> round_up(const ScaledWeights& layer) {
  std::vector<int16_t> out;
  for (float v : layer.weights.values<float>()) out.push_back(static_cast<int16_t>(std::ceil(v / layer.scales[0])));
  return out;
}

TEST(RoundingStrategy, LayersTakeTheStrategyThatTheyAreGiven) {
  constexpr RoundingStrategy kUp{"up", round_up};
  Tensor const w = weights(Shape::of({1, 3}), {127, 0.25F, -0.75F});
  LayerSpec spec{.granularity = Granularity::tensor, .choice = {.rounding = &kUp}};
  auto const values = [](const LayerConstants& c) {
    auto const v = c.weights.values<int8_t>();
    return std::vector<int>(v.begin(), v.end());
  };
  EXPECT_THAT(values(quantize_layer(w, nullptr, spec)), ElementsAre(127, 1, 0));
  spec.widths.bias = 16;  // sums are looked at too
  EXPECT_THAT(values(quantize_layer(w, nullptr, spec)), ElementsAre(127, 1, 0));
  spec.choice.rounding = &kRoundNearest;
  EXPECT_THAT(values(quantize_layer(w, nullptr, spec)), ElementsAre(127, 0, -1));
}

}  // namespace
}  // namespace narrow
