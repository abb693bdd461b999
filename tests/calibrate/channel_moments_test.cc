#include "calibrate/channel_moments.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/activations/activations.h"
#include "ops/build/graph_builder.h"

namespace narrow {
namespace {

constexpr int32_t kChannels = 3, kRows = 4;
constexpr int64_t kSamples = 70;

/// x -> RELU y, of shape [1, kRows, kChannels].
std::shared_ptr<const Model> model() {
  GraphBuilder b;
  Shape const shape = Shape::of({1, kRows, kChannels});
  int const x = b.input({.shape = shape, .name = "x"}), y = b.tensor({.shape = shape, .name = "y"});
  b.op(kRelu, {}, {x}, {y});
  b.outputs({y});
  return std::make_shared<const Model>(b.model());
}

/// Channel 0 is 2, channel 1 is 3 or -1 by turns, channel 2 grows with the sample.
class Given : public Samples {
 public:
  explicit Given(float first = 2) : first_(first) {}
  int64_t size() const override { return kSamples; }
  uint64_t fingerprint() const override { return 5; }
  Status read(int64_t first, int count, size_t, std::byte* out) const override {
    auto* values = reinterpret_cast<float*>(out);
    for (int64_t k = first; k < first + count; ++k)
      for (int row = 0; row < kRows; ++row) {
        *values++ = first_;
        *values++ = row % 2 ? 3 : -1;
        *values++ = static_cast<float>(k);
      }
    return {};
  }

 private:
  float first_;
};

TEST(ChannelMoments, of_each_channel) {
  TensorRef const x{0, 0}, y{0, 1};
  auto const found = channel_moments(model(), Given(), {x, y}, 1);
  ASSERT_TRUE(found);
  const ChannelMoments *const in = find(&*found, x), *const out = find(&*found, y);
  ASSERT_TRUE(in && out);
  EXPECT_EQ(in->mean, (std::vector<double>{2, 1, (kSamples - 1) / 2.0}));
  EXPECT_EQ(in->variance[0], 0);
  EXPECT_EQ(in->variance[1], 4);
  EXPECT_NEAR(in->variance[2], static_cast<double>(kSamples * kSamples - 1) / 12, 1e-9);
  EXPECT_EQ(out->mean[1], 1.5);
  EXPECT_EQ(out->variance[1], 2.25);
}

TEST(ChannelMoments, do_not_depend_on_threads) {
  TensorRef const x{0, 0};
  auto const one = channel_moments(model(), Given(0.1F), {x}, 1), three = channel_moments(model(), Given(0.1F), {x}, 3);
  ASSERT_TRUE(one && three);
  EXPECT_EQ(find(&*one, x)->mean, find(&*three, x)->mean);
  EXPECT_EQ(find(&*one, x)->variance, find(&*three, x)->variance);
  EXPECT_FALSE(find(&*one, {0, 1}));  // not asked for
}

TEST(ChannelMoments, nothing_of_values_that_are_not_finite) {
  auto const found = channel_moments(model(), Given(INFINITY), {{0, 0}}, 1);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
  EXPECT_FALSE(find(nullptr, {0, 0}));
}

}  // namespace
}  // namespace narrow
