// Sums of several.
#include "ops/arithmetic/arithmetic.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

TEST(SplitAddN, BecomesSumsOfTwo) {
  Draft d;
  Shape const shape = Shape::of({2});
  int const a = d.input(shape), b = d.input(shape), c = d.input(shape);
  int const sum = d.op(kAddN, {}, {a, b, c});
  d.graph().outputs = {sum};
  auto const split = split_add_n(d.model());
  ASSERT_TRUE(split.has_value());
  const std::vector<Op>& ops = split->main().ops;
  ASSERT_EQ(ops.size(), 2u);
  EXPECT_EQ(ops[0].def, &kAdd);
  EXPECT_EQ(ops[0].inputs, (std::vector{a, b}));
  EXPECT_EQ(ops[1].inputs, (std::vector{ops[0].outputs[0], c}));
  EXPECT_EQ(ops[1].outputs, std::vector{sum});
  EXPECT_TRUE(validate(*split).has_value());
}

}  // namespace
}  // namespace narrow
