// Formats of weights in Qm.n: by what the layer's results lose, which is not always what the weights lose.
#include "quantize/weights/power_of_two_scales.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace narrow {
namespace {

using ::testing::ElementsAre;

constexpr float kWhole = 0x1p-7F, kQuarter = 0x1p-9F;  // clips nothing of 0.9; holds up to a quarter of that
constexpr double kSmall = 1e-6;

Tensor weights(const Shape& shape, const std::vector<float>& values) {
  Tensor t;
  t.shape = shape;
  t.constant = true;
  t.data = SharedBytes::copy_of(std::span<const float>(values));
  return t;
}

/// One scale for all.
float format(const Tensor& w, int axis, const ChannelMoments* input) {
  return power_of_two_weight_scales(w, weight_channels(w, axis, Granularity::tensor), axis, 8, input).at(0);
}

ChannelMoments with_variances(const std::vector<double>& variance) {
  return {std::vector<double>(variance.size(), 0), variance};
}

TEST(WeightFormats, large_weights_of_small_inputs_may_clip) {
  // Depthwise: channel 0 has large weights, channel 1 small ones.
  Tensor const w = weights(Shape::of({1, 1, 3, 2}), {0.9F, 0.013F, -0.8F, 0.021F, 0.7F, 0.005F});
  ChannelMoments const small_first = with_variances({kSmall, 1}), small_last = with_variances({1, kSmall});
  EXPECT_EQ(format(w, 3, nullptr), kWhole);
  EXPECT_EQ(format(w, 3, &small_first), kQuarter);
  EXPECT_EQ(format(w, 3, &small_last), kWhole);
  EXPECT_THAT(power_of_two_weight_scales(w, weight_channels(w, 3, Granularity::channel), 3, 8, &small_first),
              ElementsAre(kWhole, 0x1p-12F));  // a scale of its own for each
}

TEST(WeightFormats, channels_are_found_in_every_layer) {
  ChannelMoments const small_first = with_variances({kSmall, 1}), small_last = with_variances({1, kSmall});
  std::vector<float> const values{0.9F, 0.013F, -0.8F, 0.021F};
  for (const Shape& shape : {Shape::of({1, 1, 2, 2}), Shape::of({2, 1, 1, 2}), Shape::of({2, 2}), Shape::of({1, 4})}) {
    EXPECT_EQ(format(weights(shape, values), 0, &small_first), kQuarter);
    EXPECT_EQ(format(weights(shape, values), 0, &small_last), kWhole);
  }
  // Two groups of one channel.
  Tensor const groups = weights(Shape::of({2, 1, 2, 1}), {0.9F, -0.8F, 0.013F, 0.021F});
  EXPECT_EQ(format(groups, 0, &small_first), kQuarter);
  EXPECT_EQ(format(groups, 0, &small_last), kWhole);
  // Two results of each of two channels.
  Tensor const each = weights(Shape::of({1, 1, 1, 4}), {0.9F, -0.8F, 0.013F, 0.021F});
  EXPECT_EQ(format(each, 3, &small_first), kQuarter);
  EXPECT_EQ(format(each, 3, &small_last), kWhole);
}

TEST(WeightFormats, errors_of_one_sign_add_up_where_inputs_have_a_mean) {
  // One weight just beyond what the finer format holds, and pairs whose errors cancel.
  std::vector<float> values{1.03F};
  for (int i = 0; i < 200; ++i) values.push_back(i % 2 ? 0x1p-7F : -0x1p-7F);
  Tensor const w = weights(Shape::of({1, 201}), values);
  ChannelMoments const centred{{0}, {1}}, offset{{10}, {1}};
  EXPECT_EQ(format(w, 0, nullptr), kWhole);
  EXPECT_EQ(format(w, 0, &centred), kWhole);
  EXPECT_EQ(format(w, 0, &offset), 2 * kWhole);
}

TEST(WeightFormats, moments_that_do_not_fit_do_not_count) {
  Tensor const w = weights(Shape::of({1, 1, 2, 2}), {0.9F, 0.013F, -0.8F, 0.021F});
  ChannelMoments const three = with_variances({kSmall, 1, 1}), none;
  for (int axis : {0, 3}) {
    EXPECT_EQ(format(w, axis, &three), kWhole);
    EXPECT_EQ(format(w, axis, &none), kWhole);
  }
}

TEST(WeightFormats, zeros_and_powers_of_two) {
  EXPECT_EQ(format(weights(Shape::of({1, 2}), {0, 0}), 0, nullptr), 0x1p-7F);
  EXPECT_EQ(format(weights(Shape::of({1, 2}), {0.5F, -0.5F}), 0, nullptr), 0x1p-7F);  // -0.5 would do with 2^-8
}

// Of fewer bits than 8, which are stored in int8 all the same: 0.9 is 7 steps of 1/8, or 29 of 1/32.
TEST(WeightFormats, narrow_weights_are_not_cut_off) {
  Tensor const w = weights(Shape::of({1, 4}), {0.9F, -0.8F, 0.7F, -0.6F});
  WeightChannels const together = weight_channels(w, 0, Granularity::tensor);
  EXPECT_THAT(power_of_two_weight_scales(w, together, 0, 4, nullptr), ElementsAre(0x1p-3F));
  EXPECT_THAT(power_of_two_weight_scales(w, together, 0, 6, nullptr), ElementsAre(0x1p-5F));
}

}  // namespace
}  // namespace narrow
