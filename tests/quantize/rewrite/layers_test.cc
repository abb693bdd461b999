// Constants of layers in the rewritten graph: when two layers share them, and what is told of them.
#include "quantize/rewrite/layers.h"

#include "ops/layers/layers.h"
#include "quantize/draft.h"

namespace narrow {
namespace {

TEST(LayerConstantsInGraphs, ZerosOfOtherScalesAreOtherConstants) {
  GraphDraft d;
  int const x = d.input("x", {-4, 4});
  int const w = d.constant(Shape::of({4, 4}), 0.5f), b = d.constant(Shape::of({4}), 0);
  int const a = d.op(kFullyConnected, {x, w, b}, "a", {-8, 8}, FullyConnectedAttributes{});
  d.outputs({d.op(kFullyConnected, {a, w, b}, "c", {-9, 9}, FullyConnectedAttributes{})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  const Graph& g = q->model.main();
  for (const Op& op : g.ops) {
    if (op.def != &kFullyConnected) continue;
    OpView const layer{g, op};
    EXPECT_FLOAT_EQ(layer.input(2).quantization.scale(),
                    layer.input(0).quantization.scale() * layer.input(1).quantization.scale());
  }
}

/// What is told of a dense layer with this bias, stored in 8 bits; integers of sums stand for themselves.
std::string told_of(float bias, float output_scale) {
  auto constant = [](const Shape& shape, float value) {
    Tensor t;
    t.shape = shape;
    t.constant = true;
    t.data = SharedBytes::copy_of(std::span<const float>(&value, 1));
    return t;
  };
  Op op;
  op.def = &kFullyConnected;
  Tensor const w = constant(Shape::of({1, 1}), 127), b = constant(Shape::of({1}), bias);
  LayerSpec spec{.output_scale = output_scale};
  spec.widths.bias = 8;
  auto const layer = quantize_layer_op(op, w, &b, spec);
  EXPECT_TRUE(layer) << layer.error().what;
  return layer ? layer->note : "";
}

TEST(LayerNotes, SayWhatANarrowBiasCosts) {
  EXPECT_EQ(told_of(1000, 1), "int8 bias << 3");
  EXPECT_EQ(told_of(1000.0005f, 1), "int8 bias << 3");
  EXPECT_EQ(told_of(1002, 10), "int8 bias << 3, bias error at most 0.2 LSB of the output");
  EXPECT_EQ(told_of(1002, 8), "int8 bias << 3, bias error at most 0.25 LSB of the output: this may cost accuracy");
}

}  // namespace
}  // namespace narrow
