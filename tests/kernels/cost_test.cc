// The modelled cost of kernels: multiply-accumulates as `narrow inspect` counts them, elements by hand.
#include <gtest/gtest.h>

#include "one_op.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/def/totals.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

const Quantization kSome = Quantization::of(0.5f, 0);

KernelCost cost_of(const OneOp& op) {
  const Graph& graph = op.model().graphs[0];
  auto const step = graph.ops[0].def->lower({graph, graph.ops[0]}, {.profile = profile("narrow")});
  EXPECT_TRUE(step.has_value()) << step.error().what;
  KernelCost sum;
  for (const KernelCall& call : step->calls) {
    KernelCost const cost = call.kernel->cost(call.params.data());
    sum.macs += cost.macs;
    sum.elements += cost.elements;
  }
  return sum;
}

/// Weights of that shape, for any op.
OneOp& with_weights(OneOp& op, const Shape& shape) {
  return op.constant<int8_t>(shape, std::vector<int8_t>(static_cast<size_t>(shape.elements()), 1), kSome);
}

void expect_inspected(OneOp& op, int64_t macs, int64_t elements) {
  op.result<int8_t>(kSome);
  const Graph& graph = op.model().graphs[0];
  KernelCost const cost = cost_of(op);
  EXPECT_EQ(cost.macs, macs);
  EXPECT_EQ(cost.macs, macs_of(graph, graph.ops[0]));
  EXPECT_EQ(cost.elements, elements);
}

TEST(Cost, OfLayersIsWhatInspectCounts) {
  OneOp conv(kConv2d, Conv2dAttributes{.stride_h = 2, .dilation_w = 2});
  conv.input<int8_t>(Shape::of({2, 9, 8, 6}), kSome);
  with_weights(conv, Shape::of({4, 3, 2, 3}));  // two groups
  expect_inspected(conv, 2 * 5 * 8 * 4 * 3 * 2 * 3, 2 * 5 * 8 * 4);

  OneOp depthwise(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = Padding::valid, .depth_multiplier = 2});
  depthwise.input<int8_t>(Shape::of({1, 9, 8, 3}), kSome);
  with_weights(depthwise, Shape::of({1, 3, 2, 6}));
  expect_inspected(depthwise, 7 * 7 * 6 * 3 * 2, 7 * 7 * 6);

  OneOp dense(kFullyConnected, FullyConnectedAttributes{});
  dense.input<int8_t>(Shape::of({3, 7}), kSome);
  with_weights(dense, Shape::of({5, 7}));
  expect_inspected(dense, 3 * 5 * 7, 3 * 5);

  OneOp transposed(kTransposeConv, TransposeConvAttributes{.stride_h = 2, .stride_w = 3});
  transposed.constant<int32_t>(Shape::of({4}), {1, 8, 12, 5});
  with_weights(transposed, Shape::of({5, 3, 3, 2}));
  transposed.input<int8_t>(Shape::of({1, 4, 4, 2}), kSome);
  expect_inspected(transposed, 4 * 4 * 2 * 3 * 3 * 5, 8 * 12 * 5);

  OneOp product(kBatchMatmul, BatchMatmulAttributes{});
  product.input<int8_t>(Shape::of({2, 3, 4}), kSome).input<int8_t>(Shape::of({2, 4, 5}), kSome);
  expect_inspected(product, 2 * 3 * 4 * 5, 2 * 3 * 5);
}

TEST(Cost, OfOtherOpsIsTheirElements) {
  OneOp add(kAdd, AddAttributes{});
  add.input<int8_t>(Shape::of({1, 4, 5}), kSome).input<int8_t>(Shape::of({5}), kSome);
  expect_inspected(add, 0, 20);

  OneOp pool(kMaxPool2d, Pool2dAttributes{.stride_h = 2, .stride_w = 2, .filter_h = 3, .filter_w = 2});
  pool.input<int8_t>(Shape::of({1, 6, 6, 3}), kSome);
  expect_inspected(pool, 0, 3 * 3 * 3 * 3 * 2);

  OneOp sum(kSum, ReduceAttributes{});
  sum.input<int8_t>(Shape::of({2, 6, 3}), kSome).constant<int32_t>(Shape::of({1}), {1});
  expect_inspected(sum, 0, 36);

  OneOp pad(kPad, Attributes{});
  pad.input<int8_t>(Shape::of({2, 3}), kSome).constant<int32_t>(Shape::of({2, 2}), {1, 0, 0, 2});
  expect_inspected(pad, 0, 15);
}

}  // namespace
}  // namespace narrow
