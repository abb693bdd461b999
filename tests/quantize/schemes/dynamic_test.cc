// The dynamic scheme: which weights become integers, and what the op then says of itself.
#include "quantize/schemes/dynamic.h"

#include <gtest/gtest.h>

#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "quantize/quantize.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

QuantizedModel dynamically(const Model& model) {
  QuantizeOptions options;
  options.scheme = find_scheme("dynamic");
  options.recipe = recipe_of(*options.scheme);
  auto made = quantize(model, {}, options);
  EXPECT_TRUE(made) << made.error().what;
  EXPECT_TRUE(validate(made->model));
  return *made;
}

/// A dense layer of `in` inputs and `out` outputs, of this version in the file.
Model dense(int in, int out, int version = 1) {
  Draft d;
  int const x = d.input(Shape::of({1, in}));
  std::vector<float> w(static_cast<size_t>(in * out));
  for (size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(i % 7) - 3;
  d.graph().outputs = {d.op(kFullyConnected, FullyConnectedAttributes{}, {x, d.floats(Shape::of({out, in}), w)})};
  d.graph().ops[0].version = version;
  return d.model();
}

const Tensor& weights_of(const QuantizedModel& q) {
  return q.model.main().tensor(q.model.main().ops[0].inputs[1]);
}

TEST(Dynamic, SmallWeightsStayFloat) {
  QuantizedModel const small = dynamically(dense(93, 11)), large = dynamically(dense(64, 16));
  EXPECT_EQ(weights_of(small).dtype, DType::float32);
  EXPECT_FALSE(small.ops[0].quantized);
  EXPECT_NE(small.ops[0].reason.find("1023 elements, fewer than 1024"), std::string::npos) << small.ops[0].reason;
  EXPECT_EQ(weights_of(large).dtype, DType::int8);
  EXPECT_TRUE(large.ops[0].quantized);
}

TEST(Dynamic, LayersAskForAsymmetricDataAndTheVersionThatHasIt) {
  const Op& made = dynamically(dense(64, 16)).model.main().ops[0];
  EXPECT_EQ(made.version, 9);
  EXPECT_TRUE(made.attributes.get<FullyConnectedAttributes>().asymmetric_quantize_inputs);
  EXPECT_EQ(dynamically(dense(64, 16, 12)).model.main().ops[0].version, 12) << "never lowered";
  EXPECT_EQ(dynamically(dense(9, 9, 2)).model.main().ops[0].version, 2) << "of a layer that stays float";
}

TEST(Dynamic, ScalesAreByOutputChannel) {
  QuantizedModel const made = dynamically(dense(64, 16));
  const Quantization& q = weights_of(made).quantization;
  EXPECT_EQ(q.scales.size(), 16U);
  EXPECT_EQ(q.axis, 0);
  for (float s : q.scales) EXPECT_FLOAT_EQ(s, 3.0f / 127);
}

TEST(Dynamic, EmbeddingsAreTheOperandThatTheOpNames) {
  Draft d;
  int const rows = d.GraphBuilder::input({.dtype = DType::int32, .shape = Shape::of({2})});
  int const table = d.floats(Shape::of({64, 16}), std::vector<float>(1024, 0.5f));
  d.graph().outputs = {d.op(kEmbeddingLookup, {}, {rows, table})};
  QuantizedModel const made = dynamically(d.model());
  EXPECT_EQ(weights_of(made).dtype, DType::int8);
  EXPECT_EQ(made.model.main().ops[0].version, 4) << "of tables with a scale for each row";
}

}  // namespace
}  // namespace narrow
