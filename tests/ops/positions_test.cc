// Ops whose positions come from operands: what is constant is checked when it is read, what is computed when it is
// used.
#include "one_op.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

using Integers = std::vector<int32_t>;

constexpr int32_t kFar = std::numeric_limits<int32_t>::max();

ErrorKind kind_of(const OneOp& op) {
  auto const shapes = op.infer();
  return shapes ? ErrorKind::internal : shapes.error().kind;
}

TEST(Positions, ComputedOnesOutsideAreErrors) {
  OneOp gather(kGather, GatherAttributes{});
  gather.constant<int32_t>(Shape::of({3}), {10, 20, 30}).input<int32_t>(Shape::of({4})).result<int32_t>();
  EXPECT_EQ(gather.run<int32_t>("narrow", {{0, 2, 1, 2}}), (Integers{10, 30, 20, 30}));
  EXPECT_EQ(gather.failure<int32_t>({0, 2, 3, 1}), "positions hold 3, which is not in [0, 2] | op 0 (GATHER)");
  EXPECT_EQ(gather.failure<int32_t>({-1, 2, 3, 1}), "positions hold -1, which is not in [0, 2] | op 0 (GATHER)");

  OneOp wide(kGather, GatherAttributes{});
  wide.constant<int32_t>(Shape::of({3}), {10, 20, 30}).input<int64_t>(Shape::of({1})).result<int32_t>();
  EXPECT_EQ(wide.failure<int64_t>({int64_t{1} << 32}),
            "positions hold 4294967296, which is not in [0, 2] | op 0 (GATHER)");
  OneOp half(kGather, GatherAttributes{});
  half.constant<int32_t>(Shape::of({3}), {10, 20, 30}).input<int16_t>(Shape::of({2})).result<int32_t>();
  EXPECT_EQ(half.failure<int16_t>({2, -2}), "positions hold -2, which is not in [0, 2] | op 0 (GATHER)");

  OneOp lookup(kEmbeddingLookup, {});
  lookup.input<int32_t>(Shape::of({2})).constant<int32_t>(Shape::of({2, 2}), {1, 2, 3, 4}).result<int32_t>();
  EXPECT_EQ(lookup.failure<int32_t>({1, kFar}),
            "positions hold 2147483647, which is not in [0, 1] | op 0 (EMBEDDING_LOOKUP)");

  OneOp gather_nd(kGatherNd, {});
  gather_nd.constant<int32_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6});
  gather_nd.input<int32_t>(Shape::of({2, 2})).result<int32_t>();
  EXPECT_EQ(gather_nd.run<int32_t>("narrow", {{1, 2, 0, 0}}), (Integers{6, 1}));
  EXPECT_EQ(gather_nd.failure<int32_t>({1, 2, 2, 0}), "positions hold 2, which is not in [0, 1] | op 0 (GATHER_ND)");

  OneOp scatter(kScatterNd, {});
  scatter.input<int32_t>(Shape::of({2, 1})).constant<int32_t>(Shape::of({2}), {5, 7});
  scatter.constant<int32_t>(Shape::of({1}), {3}).result<int32_t>();
  EXPECT_EQ(scatter.failure<int32_t>({-1, 0}), "positions hold -1, which is not in [0, 2] | op 0 (SCATTER_ND)");
}

TEST(Positions, EverySampleOfABatchIsChecked) {
  OneOp gather(kGather, GatherAttributes{});
  gather.constant<int32_t>(Shape::of({3}), {10, 20, 30}).input<int32_t>(Shape::of({2})).result<int32_t>();
  auto program = gather.lower("narrow", 3);
  ASSERT_TRUE(program);
  Runner runner(std::move(*program));
  Integers positions{0, 1, 2, 0, 1, 7};
  std::memcpy(runner.input(0), positions.data(), positions.size() * sizeof(int32_t));
  EXPECT_FALSE(runner.run(3));
  EXPECT_TRUE(runner.run(2));
}

TEST(Positions, ComputedBeginsLeaveNoWindowOutside) {
  OneOp slice(kSlice, {});
  slice.constant<int32_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6}).input<int32_t>(Shape::of({2}));
  slice.constant<int32_t>(Shape::of({2}), {1, 2}).result<int32_t>();
  EXPECT_EQ(slice.run<int32_t>("narrow", {{0, 1, 1, 0}}, 2), (Integers{2, 3, 4, 5}));
  EXPECT_EQ(slice.failure<int32_t>({1, 2}), "begins hold 2, which is not in [0, 1] | op 0 (SLICE)");
  EXPECT_EQ(slice.failure<int32_t>({-1, 0}), "begins hold -1, which is not in [0, 1] | op 0 (SLICE)");

  OneOp update(kDynamicUpdateSlice, {});
  update.constant<int32_t>(Shape::of({4}), {1, 2, 3, 4}).constant<int32_t>(Shape::of({2}), {8, 9});
  update.input<int32_t>(Shape::of({1})).result<int32_t>();
  EXPECT_EQ(update.run<int32_t>("narrow", {{-3, kFar}}, 2), (Integers{8, 9, 3, 4, 1, 2, 8, 9}));
}

TEST(Positions, ComputedBeginsChooseSingleElements) {
  OneOp op(kStridedSlice, StridedSliceAttributes{.begin_mask = 1, .end_mask = 1, .shrink_axis_mask = 2});
  op.constant<int32_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6}).input<int32_t>(Shape::of({2}));
  op.constant<int32_t>(Shape::of({2}), {0, 0}).constant<int32_t>(Shape::of({2}), {1, 1}).result<int32_t>();
  EXPECT_EQ(op.run<int32_t>("narrow", {{kFar, 1, 0, -1}}, 2), (Integers{2, 5, 3, 6}));
  EXPECT_EQ(op.failure<int32_t>({0, 3}), "begins hold 3, which is not in [-3, 2] | op 0 (STRIDED_SLICE)");
  OneOp range(kStridedSlice, StridedSliceAttributes{});
  range.input<int32_t>(Shape::of({3})).input<int32_t>(Shape::of({1})).constant<int32_t>(Shape::of({1}), {1});
  EXPECT_EQ(kind_of(range.constant<int32_t>(Shape::of({1}), {1})), ErrorKind::unsupported);
}

TEST(Positions, LengthsEndWithTheSequence) {
  OneOp op(kReverseSequence, ReverseSequenceAttributes{.sequence_axis = 1, .batch_axis = 0});
  op.constant<int32_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6}).input<int32_t>(Shape::of({2})).result<int32_t>();
  EXPECT_EQ(op.run<int32_t>("narrow", {{-1, 3}}), (Integers{1, 2, 3, 6, 5, 4}));
  EXPECT_EQ(op.failure<int32_t>({1, 4}), "lengths hold 4, which is not in [" +
                                             std::to_string(std::numeric_limits<int64_t>::min()) +
                                             ", 3] | op 0 (REVERSE_SEQUENCE)");
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
