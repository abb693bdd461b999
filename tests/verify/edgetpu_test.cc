// What the Edge TPU's compiler leaves to the host, beyond types and scales: the limitations of its table of operations.
#include <gtest/gtest.h>

#include "one_op.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "verify/runtime.h"
#include "verify/verify.h"

namespace narrow {
namespace {

const Quantization kGrid = Quantization::of(0.5f, 3);

/// What is found, the first of it; empty where nothing is.
std::string found(const OneOp& op) {
  auto const findings = verify(op.model(), kEdgeTpu);
  return findings.empty() ? "" : findings.front().what;
}

TEST(EdgeTpu, ConstantsAreJoinedAsPaddingAlone) {
  auto joined = [](int8_t value, bool third) {
    OneOp op(kConcatenation, ConcatenationAttributes{});
    op.input<int8_t>(Shape::of({2, 4}), kGrid).constant<int8_t>(Shape::of({1, 4}), {value, 3, 3, 3}, kGrid);
    if (third) op.input<int8_t>(Shape::of({1, 4}), kGrid);
    return found(op.result<int8_t>(kGrid));
  };
  EXPECT_EQ(joined(3, false), "");
  EXPECT_NE(joined(0, false), "");
  EXPECT_NE(joined(3, true), "");
}

TEST(EdgeTpu, ChannelsAreAveragedInFours) {
  auto mean = [](int channels, int axis) {
    OneOp op(kMean, ReduceAttributes{});
    op.input<int8_t>(Shape::of({1, 4, 4, channels}), kGrid).constant<int32_t>(Shape::of({1}), {axis});
    return found(op.result<int8_t>(kGrid));
  };
  EXPECT_EQ(mean(8, 3), "");
  EXPECT_EQ(mean(6, 1), "");
  EXPECT_NE(mean(6, 3), "");
  EXPECT_NE(mean(6, -1), "");
}

TEST(EdgeTpu, LeadingOnesAreDroppedAlone) {
  auto squeezed = [](const Shape& shape) {
    OneOp op(kSqueeze, SqueezeAttributes{});
    return found(op.input<int8_t>(shape, kGrid).result<int8_t>(kGrid));
  };
  EXPECT_EQ(squeezed(Shape::of({1, 1, 10})), "");
  EXPECT_EQ(squeezed(Shape::of({1, 5, 10})), "");
  EXPECT_NE(squeezed(Shape::of({5, 1, 10})), "");
}

}  // namespace
}  // namespace narrow
