// Outlier channels of weights.
#include <gtest/gtest.h>

#include <limits>

#include "narrow/inspect.h"
#include "ops/build/graph_builder.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// The outlier channels of the weights of a dense layer, of which each row is a channel.
std::vector<OutlierChannel> dense(std::vector<float> values, int32_t channels) {
  GraphBuilder b;
  auto const inputs = static_cast<int32_t>(values.size()) / channels;
  int const x = b.input({.shape = Shape::of({1, inputs}), .name = "x"});
  int const w = b.constant({.shape = Shape::of({channels, inputs}), .name = "w"}, values);
  b.outputs({b.infer_op(kFullyConnected, FullyConnectedAttributes{}, {x, w}).value()});
  auto const all = weight_histograms(b.finish().value());
  EXPECT_TRUE(all);
  return all.value().at(0).outlier_channels;
}

TEST(WeightHistograms, ChannelsFarBeyondTheMedianAreOutliers) {
  auto const found = dense({0.5F, -1, 1, 0, 0.25F, 1, -20, 3, 1, 1}, 5);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].channel, 3);
  EXPECT_EQ(found[0].largest, 20);
  EXPECT_EQ(found[0].times, 20);
  EXPECT_TRUE(dense({1, 1, 1, 8}, 4).empty()) << "eight times as far is not beyond";
  EXPECT_EQ(dense({1, 1, 1, 8.5F}, 4).size(), 1U);
}

TEST(WeightHistograms, ChannelsOfZerosAndOfWhatIsNoNumberDoNotCount) {
  EXPECT_EQ(dense({0, 0, 0, 0, 0, 1, 1, 1, 9}, 9).size(), 1U) << "a median of zeros would make all of them outliers";
  EXPECT_TRUE(dense({0, 0, 0, 0, 1, 1, 9}, 7).empty()) << "three channels hold something";
  EXPECT_EQ(dense({1, 1, kNan, 1, 9}, 5).size(), 1U);
}

TEST(WeightHistograms, TheLastDimensionOfDepthwiseWeightsCountsChannels) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 2, 2, 4}), .name = "x"});
  int const w =
      b.constant({.shape = Shape::of({1, 2, 1, 4}), .name = "w"}, std::vector<float>{1, 1, 1, 1, 1, 2, 30, 1});
  b.outputs({b.infer_op(kDepthwiseConv2d, DepthwiseConv2dAttributes{}, {x, w}).value()});
  auto const all = weight_histograms(b.finish().value());
  ASSERT_TRUE(all);
  ASSERT_EQ(all->at(0).outlier_channels.size(), 1U);
  EXPECT_EQ(all->at(0).outlier_channels[0].channel, 2);
}

TEST(WeightHistograms, IntegersCountAsTheirRealValues) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 1}), .name = "x"});
  Quantization scales;
  scales.scales = {1, 1, 1, 10};
  scales.zero_points = {0, 0, 0, 0};
  int const w = b.constant({.dtype = DType::int8, .shape = Shape::of({4, 1}), .name = "w", .quantization = scales},
                           std::vector<int8_t>{127, 127, 127, 127});
  b.model().graphs[0].ops.push_back({});  // not valid as a whole, which does not matter here
  Op& op = b.model().graphs[0].ops.back();
  op.def = &kFullyConnected;
  op.inputs = {x, w};
  auto const all = weight_histograms(b.model());
  ASSERT_TRUE(all);
  ASSERT_EQ(all->at(0).outlier_channels.size(), 1U);
  EXPECT_EQ(all->at(0).outlier_channels[0].largest, 1270);
}

}  // namespace
}  // namespace narrow
