#include "simplify/channel_classes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "one_op.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/windows/windows.h"
#include "simplify/pools_as_means.h"

namespace narrow {
namespace {

std::vector<float> outputs_of(const Model& model, const std::vector<float>& x) {
  auto const shared = std::make_shared<const Model>(model);
  auto program = lower(shared, {all_profiles().front()});
  EXPECT_TRUE(program.has_value());
  Runner runner(std::move(*program));
  std::memcpy(runner.input(0), x.data(), x.size() * sizeof(float));
  EXPECT_TRUE(runner.run(1).has_value());
  const Tensor& out = model.main().tensor(model.main().outputs[0]);
  const auto* const y = reinterpret_cast<const float*>(runner.output(0));
  return {y, y + out.elements()};
}

/// conv, relu, (depthwise added to it), pool, dense. `clamp`: RELU6 in place of RELU.
Model network(Random& random, bool clamp) {
  GraphBuilder b;
  auto const weights = [&](const Shape& s) { return b.constant({.shape = s}, random.values<float>(s.elements())); };
  int const x = b.input({.shape = Shape::of({1, 4, 4, 2})});
  Conv2dAttributes conv;
  conv.activation = clamp ? Activation::relu6 : Activation::relu;
  int const a = *b.infer_op(kConv2d, conv, {x, weights(Shape::of({3, 3, 3, 2})), weights(Shape::of({3}))});
  int const d = *b.infer_op(kDepthwiseConv2d, DepthwiseConv2dAttributes{},
                            {a, weights(Shape::of({1, 3, 3, 3})), weights(Shape::of({3}))});
  int const sum = *b.infer_op(kAdd, AddAttributes{}, {a, d});
  Pool2dAttributes pool;
  pool.padding = Padding::valid;
  pool.filter_h = pool.filter_w = pool.stride_h = pool.stride_w = 4;
  int const p = *b.infer_op(kAveragePool2d, pool, {sum});
  int const y = *b.infer_op(kFullyConnected, FullyConnectedAttributes{}, {p, weights(Shape::of({2, 3}))});
  b.outputs({y});
  return *b.finish();
}

TEST(ChannelClasses, ScaledChannelsLeaveTheOutputs) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int k = 0; k < 20; ++k) {
    Model const model = network(random, false);
    auto const classes = channel_classes(model, 0);
    ASSERT_EQ(classes.size(), 1U);
    EXPECT_EQ(classes[0].channels, 3);
    EXPECT_THAT(classes[0].writers, testing::ElementsAre(0, 1));
    EXPECT_THAT(classes[0].readers, testing::ElementsAre(1, 4));
    Model const scaled = scale_channels(model, 0, classes, {{0.5, 3, 16}});
    std::vector<float> const x = random.values<float>(32);
    auto const before = outputs_of(model, x), after = outputs_of(scaled, x);
    for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 1e-4F * (1 + std::abs(before[i])));
  }
}

TEST(ChannelClasses, ClampsFixTheScale) {
  Random random;
  EXPECT_TRUE(channel_classes(network(random, true), 0).empty());
}

TEST(PoolsAsMeans, ComputeTheSame) {
  Random random;
  SCOPED_TRACE(random.text());
  Model const model = network(random, false);
  Model changed = model;
  EXPECT_EQ(pools_as_means(changed, 0).size(), 1U);
  EXPECT_TRUE(pools_as_means(changed, 0).empty());
  std::vector<float> const x = random.values<float>(32);
  auto const before = outputs_of(model, x), after = outputs_of(changed, x);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 1e-4F * (1 + std::abs(before[i])));
}

}  // namespace
}  // namespace narrow
