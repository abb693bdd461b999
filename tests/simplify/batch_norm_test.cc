// Batch norms that go into the layers before them.
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/layers/layers.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

TEST(Simplify, ABatchNormGoesIntoTheLayer) {
  Draft d;
  int const x = d.input(Shape::of({1, 4, 4, 2}));
  int const w = d.floats(Shape::of({3, 1, 1, 2}), {1, 2, 3, 4, 5, 6});
  int const conv = d.op(kConv2d, Conv2dAttributes{}, {x, w});
  int const mul = d.op(kMul, MulAttributes{}, {d.floats(Shape::of({3}), {2, -1, 0.5f}), conv});
  int const sub = d.op(kSub, SubAttributes{}, {d.floats(Shape::of({1, 1, 1, 3}), {1, 2, 3}), mul});
  d.graph().outputs = {d.op(kRelu6, {}, {sub})};
  auto const simple = simplify(d.model());
  ASSERT_TRUE(simple.has_value());
  EXPECT_EQ(op_types(*simple), std::vector<std::string>{"CONV_2D"});
  const Op& op = simple->main().ops[0];
  auto values = [&](size_t i) {
    auto const v = simple->main().tensor(op.inputs[i]).values<float>();
    return std::vector<float>(v.begin(), v.end());
  };
  EXPECT_EQ(values(1), (std::vector<float>{-2, -4, 3, 4, -2.5f, -3}));
  EXPECT_EQ(values(2), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(op.attributes.get<Conv2dAttributes>().activation, Activation::relu6);
  expect_same(d.model(), *simple, false, "simplify");
}

TEST(Simplify, ABatchNormScalesWeightsThatAreStoredAsIntegers) {
  Draft d;
  int const x = d.input(Shape::of({1, 2}));
  int const stored = d.op(kQuantize, {}, {d.floats(Shape::of({2, 2}), {1, 1.5f, -0.25f, 0.75f})});
  d.graph().tensor(stored).dtype = DType::int8;
  d.graph().tensor(stored).quantization = {{0.5f, 0.25f}, {0, 0}, 0};
  int const w = d.op(kDequantize, {}, {stored});
  d.graph().tensor(w).dtype = DType::float32;
  d.graph().tensor(w).quantization = {};
  int const layer = d.op(kFullyConnected, FullyConnectedAttributes{}, {x, w});
  int const mul = d.op(kMul, MulAttributes{}, {layer, d.floats(Shape::of({2}), {2, -4})});
  d.graph().outputs = {d.op(kAdd, AddAttributes{}, {mul, d.floats(Shape::of({2}), {5, 7})})};
  auto const simple = simplify(d.model());
  ASSERT_TRUE(simple.has_value());
  EXPECT_EQ(op_types(*simple), (std::vector<std::string>{"QUANTIZE", "DEQUANTIZE", "FULLY_CONNECTED"}));
  EXPECT_EQ(simple->main().tensor(simple->main().ops[0].outputs[0]).quantization,
            (Quantization{{1.0f, 1.0f}, {0, 0}, 0}));
  expect_same(d.model(), *simple, false, "simplify");
}

/// MUL by {2, 3}, then SUB of {5, 7}, behind a dense layer with this bias and activation.
Draft normed_dense(Activation activation) {
  Draft d;
  int const x = d.input(Shape::of({1, 2}));
  int const w = d.floats(Shape::of({2, 2}), {1, 2, 3, 4}), b = d.floats(Shape::of({2}), {1, -2});
  int const layer = d.op(kFullyConnected, FullyConnectedAttributes{.activation = activation}, {x, w, b});
  int const mul = d.op(kMul, MulAttributes{}, {layer, d.floats(Shape::of({2}), {2, 3})});
  d.graph().outputs = {
      d.op(kSub, SubAttributes{.activation = Activation::relu}, {mul, d.floats(Shape::of({2}), {5, 7})})};
  return d;
}

TEST(Simplify, ABatchNormTakesTheBiasWithIt) {
  Draft const d = normed_dense(Activation::none);
  auto const simple = simplify(d.model());
  ASSERT_TRUE(simple.has_value());
  ASSERT_EQ(op_types(*simple), std::vector<std::string>{"FULLY_CONNECTED"});
  const Op& op = simple->main().ops[0];
  auto const bias = simple->main().tensor(op.inputs[2]).values<float>();
  EXPECT_EQ(std::vector<float>(bias.begin(), bias.end()), (std::vector<float>{2 * 1 - 5, 3 * -2 - 7}));
  EXPECT_EQ(op.attributes.get<FullyConnectedAttributes>().activation, Activation::relu);
  expect_same(d.model(), *simple, false, "simplify");
}

TEST(Simplify, WhatFollowsAnActivationIsNotFolded) {
  Draft const d = normed_dense(Activation::relu6);
  EXPECT_EQ(op_types(*simplify(d.model())), (std::vector<std::string>{"FULLY_CONNECTED", "MUL", "SUB"}));
  expect_same(d.model(), *simplify(d.model()), false, "simplify");
}

TEST(Simplify, WhatOthersReadIsNotFolded) {
  Draft d;
  int const x = d.input(Shape::of({1, 2}));
  int const layer = d.op(kFullyConnected, FullyConnectedAttributes{}, {x, d.floats(Shape::of({2, 2}), {1, 2, 3, 4})});
  int const mul = d.op(kMul, MulAttributes{}, {layer, d.floats(Shape(), {2})});
  d.graph().outputs = {mul, layer};
  EXPECT_EQ(op_types(*simplify(d.model())), (std::vector<std::string>{"FULLY_CONNECTED", "MUL"}));
  // A scale that leaves the range of floats.
  Draft e;
  int const y = e.input(Shape::of({1, 1}));
  int const big = e.op(kFullyConnected, FullyConnectedAttributes{}, {y, e.floats(Shape::of({1, 1}), {1e30f})});
  e.graph().outputs = {e.op(kMul, MulAttributes{}, {big, e.floats(Shape(), {1e30f})})};
  EXPECT_EQ(simplify(e.model())->main().ops.size(), 2u);
}

}  // namespace
}  // namespace narrow
