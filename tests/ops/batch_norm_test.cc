#include "ops/build/batch_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "ops/build/permuted.h"

namespace narrow {
namespace {

TEST(Permuted, MovesDimensionsAsNumPyDoes) {
  std::vector<int16_t> const values{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  Shape const shape = Shape::of({2, 3, 2});
  std::vector<int> const order{2, 0, 1};
  EXPECT_EQ(permuted(shape, order), Shape::of({2, 2, 3}));
  SharedBytes const moved = permuted(std::as_bytes(std::span(values)), 2, shape, order);
  std::vector<int16_t> got(12);
  std::memcpy(got.data(), moved.data(), moved.size());
  EXPECT_EQ(got, (std::vector<int16_t>{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11}));
}

TEST(BatchNorm, BecomesOneFactorAndOneOffsetForEachChannel) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 2}), .name = "x"});
  std::vector<float> const gamma{2, 1}, mean{1, 0}, variance{3, 0.25F};
  auto const y = add_batch_norm(b, x, {.gamma = gamma, .mean = mean, .variance = variance, .epsilon = 1}, "y");
  ASSERT_TRUE(y);
  const Graph& g = b.graph();
  ASSERT_EQ(g.ops.size(), 2U);
  auto const scale = g.tensor(g.ops[0].inputs[1]).values<float>();
  auto const offset = g.tensor(g.ops[1].inputs[1]).values<float>();
  EXPECT_EQ(scale[0], 1.0F);
  EXPECT_EQ(offset[0], -1.0F);
  EXPECT_EQ(scale[1], static_cast<float>(1 / std::sqrt(1.25)));
  EXPECT_EQ(offset[1], 0.0F);
}

TEST(BatchNorm, RefusesListsOfOtherLengths) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 2}), .name = "x"});
  std::vector<float> const two{1, 1}, three{1, 1, 1}, negative{1, -1};
  EXPECT_FALSE(add_batch_norm(b, x, {.mean = two, .variance = three}, "y"));
  EXPECT_FALSE(add_batch_norm(b, x, {.mean = two, .variance = negative}, "y"));
  EXPECT_TRUE(b.graph().ops.empty());
}

}  // namespace
}  // namespace narrow
