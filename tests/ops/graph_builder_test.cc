#include "ops/build/graph_builder.h"

#include <gtest/gtest.h>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/control/control.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

TEST(GraphBuilder, MakesAWholeModel) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({2, 3}), .name = "x"});
  int const one = b.constant({.shape = Shape()}, std::vector<float>{1});
  auto const sum =
      b.infer_op(kAdd, AddAttributes{.activation = Activation::relu}, {x, one}, {.shape = {}, .name = "sum"});
  ASSERT_TRUE(sum);
  auto const flat = b.infer_op(kReshape, ReshapeAttributes{}, {*sum, b.indices({3, -1})});
  ASSERT_TRUE(flat);
  EXPECT_EQ(b.shape(*flat), Shape::of({3, 2}));
  b.outputs({*flat});
  b.signature("serve");
  auto const model = b.finish();
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(model->main().ops.size(), 2U);
  EXPECT_EQ(model->main().tensor(*sum).name, "sum");
  EXPECT_EQ(model->signatures[0].inputs[0].first, "x");
}

TEST(GraphBuilder, GivesOpsTheVersionThatTheyNeed) {
  GraphBuilder b;
  Quantization const q = Quantization::of(0.5f, 0);
  int const x = b.input({.dtype = DType::int16, .shape = Shape::of({4}), .quantization = q});
  auto const y = b.infer_op(kLeakyRelu, LeakyReluAttributes{.alpha = 0.5f}, {x},
                            {.dtype = DType::int16, .shape = {}, .quantization = q});
  ASSERT_TRUE(y);
  b.outputs({*y});
  auto const model = b.finish();
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(model->main().ops[0].version, 2);
}

TEST(GraphBuilder, BuildsSeveralGraphs) {
  GraphBuilder b;
  int const callee = b.add_graph("callee");
  for (size_t g = 0; g < 2; ++g) {
    b.in(g);
    int const x = b.input({.shape = Shape::of({2})}), y = b.tensor({.shape = Shape::of({2})});
    if (g == 0)
      b.op(kCall, {}, {x}, {y}, {callee});
    else
      b.op(kRelu, {}, {x}, {y});
    b.outputs({y});
  }
  auto const model = b.finish();
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(model->graphs[1].name, "callee");
}

TEST(GraphBuilder, RefusesWhatIsNoModel) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({2})}), y = b.input({.shape = Shape::of({3})});
  auto const sum = b.infer_op(kAdd, AddAttributes{}, {x, y});
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().where, "ADD");
  EXPECT_TRUE(b.graph().ops.empty());
  EXPECT_EQ(b.graph().tensors.size(), 2U);
  b.op(kRelu, SplitAttributes{}, {x}, {b.tensor({.shape = Shape::of({2})})});
  auto const model = b.finish();
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().what, "its attributes are not this op's");
}

}  // namespace
}  // namespace narrow
