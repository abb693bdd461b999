// Ops whose positions come from operands: what is constant is checked, what is computed stays inside of the data.
#include "one_op.h"
#include "ops/dynamic_update_slice.h"
#include "ops/fully_connected.h"
#include "ops/gather.h"
#include "ops/gather_nd.h"
#include "ops/one_hot.h"
#include "ops/reverse_sequence.h"
#include "ops/slice.h"
#include "ops/strided_slice.h"

namespace narrow {
namespace {

using Integers = std::vector<int32_t>;

constexpr int32_t kFar = std::numeric_limits<int32_t>::max();

ErrorKind kind_of(const OneOp& op) {
  auto const shapes = op.infer();
  return shapes ? ErrorKind::internal : shapes.error().kind;
}

TEST(Positions, ComputedOnesOutsideAreTheNearestInside) {
  OneOp gather(kGather, GatherAttributes{});
  gather.constant<int32_t>(Shape::of({3}), {10, 20, 30}).input<int32_t>(Shape::of({4})).result<int32_t>();
  EXPECT_EQ(gather.run<int32_t>("narrow", {{-1, 2, 3, kFar}}), (Integers{10, 30, 30, 30}));

  OneOp lookup(kEmbeddingLookup, {});
  lookup.input<int32_t>(Shape::of({2})).constant<int32_t>(Shape::of({2, 2}), {1, 2, 3, 4}).result<int32_t>();
  EXPECT_EQ(lookup.run<int32_t>("narrow", {{-kFar, kFar}}), (Integers{1, 2, 3, 4}));

  OneOp gather_nd(kGatherNd, {});
  gather_nd.constant<int32_t>(Shape::of({2, 2}), {1, 2, 3, 4}).input<int32_t>(Shape::of({2, 2})).result<int32_t>();
  EXPECT_EQ(gather_nd.run<int32_t>("narrow", {{-5, 9, 9, -5}}), (Integers{2, 3}));

  OneOp scatter(kScatterNd, {});
  scatter.input<int32_t>(Shape::of({2, 1})).constant<int32_t>(Shape::of({2}), {5, 7});
  scatter.constant<int32_t>(Shape::of({1}), {3}).result<int32_t>();
  EXPECT_EQ(scatter.run<int32_t>("narrow", {{-1, kFar}}), (Integers{5, 0, 7}));
}

TEST(Positions, ComputedBeginsLeaveNoWindowOutside) {
  OneOp slice(kSlice, {});
  slice.constant<int32_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6}).input<int32_t>(Shape::of({2}));
  slice.constant<int32_t>(Shape::of({2}), {1, 2}).result<int32_t>();
  EXPECT_EQ(slice.run<int32_t>("narrow", {{0, 1, 7, -7, kFar, kFar}}, 3), (Integers{2, 3, 4, 5, 5, 6}));

  OneOp update(kDynamicUpdateSlice, {});
  update.constant<int32_t>(Shape::of({4}), {1, 2, 3, 4}).constant<int32_t>(Shape::of({2}), {8, 9});
  update.input<int32_t>(Shape::of({1})).result<int32_t>();
  EXPECT_EQ(update.run<int32_t>("narrow", {{-3, kFar}}, 2), (Integers{8, 9, 3, 4, 1, 2, 8, 9}));
}

TEST(Positions, ComputedBeginsChooseSingleElements) {
  OneOp op(kStridedSlice, StridedSliceAttributes{.begin_mask = 1, .end_mask = 1, .shrink_axis_mask = 2});
  op.constant<int32_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6}).input<int32_t>(Shape::of({2}));
  op.constant<int32_t>(Shape::of({2}), {0, 0}).constant<int32_t>(Shape::of({2}), {1, 1}).result<int32_t>();
  EXPECT_EQ(op.run<int32_t>("narrow", {{0, 1, 0, -1, 0, kFar, 0, -kFar}}, 4), (Integers{2, 5, 3, 6, 3, 6, 1, 4}));
  OneOp range(kStridedSlice, StridedSliceAttributes{});
  range.input<int32_t>(Shape::of({3})).input<int32_t>(Shape::of({1})).constant<int32_t>(Shape::of({1}), {1});
  EXPECT_EQ(kind_of(range.constant<int32_t>(Shape::of({1}), {1})), ErrorKind::unsupported);
}

TEST(Positions, LengthsEndWithTheSequence) {
  OneOp op(kReverseSequence, ReverseSequenceAttributes{.sequence_axis = 1, .batch_axis = 0});
  op.constant<int32_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6}).input<int32_t>(Shape::of({2})).result<int32_t>();
  EXPECT_EQ(op.run<int32_t>("narrow", {{-1, kFar}}), (Integers{1, 2, 3, 6, 5, 4}));
}

TEST(Positions, ConstantOnesOutsideAreErrorsOfTheFile) {
  Shape const three = Shape::of({3}), one = Shape::of({1});
  auto gather = [&](int32_t position) {
    OneOp op(kGather, GatherAttributes{});
    return kind_of(op.input<int32_t>(three).constant<int32_t>(one, {position}));
  };
  EXPECT_EQ(gather(2), ErrorKind::internal);
  EXPECT_EQ(gather(3), ErrorKind::bad_file);
  EXPECT_EQ(gather(-1), ErrorKind::bad_file);
  auto shared = [&](int batch_dims) {
    OneOp op(kGather, GatherAttributes{.axis = 1, .batch_dims = batch_dims});
    return kind_of(op.input<int32_t>(Shape::of({2, 3})).input<int32_t>(Shape::of({2, 4})));
  };
  EXPECT_EQ(shared(1), ErrorKind::internal);
  EXPECT_EQ(shared(-1), ErrorKind::internal);
  EXPECT_EQ(shared(2), ErrorKind::bad_file);
  EXPECT_EQ(shared(-3), ErrorKind::bad_file);
  OneOp empty(kGather, GatherAttributes{});
  EXPECT_EQ(kind_of(empty.input<int32_t>(Shape::of({0})).input<int32_t>(one)), ErrorKind::bad_file);
  OneOp nd(kGatherNd, {});
  EXPECT_EQ(kind_of(nd.input<int32_t>(three).constant<int32_t>(Shape::of({1, 1}), {3})), ErrorKind::bad_file);
  OneOp slice(kSlice, {});
  slice.input<int32_t>(three).constant<int32_t>(one, {2}).constant<int32_t>(one, {2});
  EXPECT_EQ(kind_of(slice), ErrorKind::bad_file);
  OneOp open(kSlice, {});
  open.input<int32_t>(three).input<int32_t>(one).constant<int32_t>(one, {-1});
  EXPECT_EQ(kind_of(open), ErrorKind::unsupported);
  OneOp hot(kOneHot, OneHotAttributes{});
  hot.input<int32_t>(three).constant<int32_t>(Shape(), {-1}).constant<int32_t>(Shape(), {1});
  EXPECT_EQ(kind_of(hot.constant<int32_t>(Shape(), {0})), ErrorKind::bad_file);
}

// A layer's kernel would walk from its data on to the next sample, which constants do not have.
TEST(Positions, LayersOfConstantDataRunSampleBySample) {
  OneOp op(kFullyConnected, FullyConnectedAttributes{});
  op.constant<float>(Shape::of({1, 2}), {1, 2}).constant<float>(Shape::of({2, 2}), {1, 0, 3, 4});
  op.constant<float>(Shape::of({2}), {0, 0}).result<float>();
  EXPECT_EQ(op.run<float>("narrow", {}, 3), (std::vector<float>{1, 11, 1, 11, 1, 11}));
}

}  // namespace
}  // namespace narrow
