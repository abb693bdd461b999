// Where ops go, and the reason that users are told.
#include "quantize/plan/placement.h"

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/inside_values.h"
#include "ops/build/recurrent_layer.h"
#include "ops/layers/layers.h"
#include "quantize/draft.h"

namespace narrow {
namespace {

/// The decision for the only op of a model.
Decision decided(const GraphDraft& d, const char* scheme, const char* kept_float = nullptr) {
  QuantizeOptions options;
  options.scheme = find_scheme(scheme);
  options.recipe = recipe_of(*options.scheme);
  if (kept_float) options.recipe.rules.push_back(*keep_float_rule(kept_float));
  return decide(d.model(), options).of(0, 0);
}

void expect_float(const Decision& d, const std::string& reason) {
  EXPECT_EQ(d.placement, Placement::floating);
  EXPECT_EQ(d.reason, reason);
}

void expect_integer(const Decision& d, int bits) {
  EXPECT_EQ(d.placement, Placement::integer);
  EXPECT_EQ(d.reason, "int" + std::to_string(bits) + " activations");
}

GraphDraft one_op(const OpDef& def) {
  GraphDraft d;
  d.outputs({d.op(def, {d.input("x")}, "y")});
  return d;
}

TEST(Placement, FollowsTheWidthsThatAnOpHas) {
  expect_integer(decided(one_op(kRelu), "int8"), 8);
  expect_integer(decided(one_op(kRelu), "int16x8"), 16);
  expect_integer(decided(one_op(kHardSwish), "int8"), 8);
  expect_float(decided(one_op(kHardSwish), "int16x8"), "no runtime computes this op in int16");
}

TEST(Placement, SaysWhereNarrowLacksAForm) {
  std::vector<float> const weight{0.5F};
  GraphBuilder b;
  auto const layer = add_rnn(b, b.input({.shape = Shape::of({1, 2, 1})}),
                             {.weights = {.kernel = weight, .recurrent = weight}, .units = 1, .name = "rnn"});
  ASSERT_TRUE(layer);
  b.outputs({layer->sequence});
  QuantizeOptions options;
  options.scheme = find_scheme("int8");
  options.recipe = recipe_of(*options.scheme);
  Model const model = *b.finish(), measured = with_inside_values(model);
  expect_integer(decide(measured, options).of(0, 0), 8);
  expect_float(decide(model, options).of(0, 0), "the values inside of it were not measured");
  options.recipe.base.weights = 4;
  expect_integer(decide(measured, options).of(0, 0), 8);
  options.recipe.base.weights = 16;
  expect_float(decide(measured, options).of(0, 0),
               "narrow has no form of this op with 16-bit weights and 8-bit activations");
  options.recipe.base.weights = 8;
  options.recipe.base.rounding = RoundingRule::twice;
  expect_float(decide(measured, options).of(0, 0),
               "narrow has no form of this op with another accumulator or rounding");
}

TEST(Placement, ResultsInQmnHaveNoZeroPoint) {
  expect_float(decided(one_op(kLogSoftmax), "q7"), "cannot be in Qm.n: its results need a zero point");
  expect_integer(decided(one_op(kLogistic), "q15"), 16);
  expect_integer(decided(one_op(kLogSoftmax), "int8"), 8);
  expect_integer(decided(one_op(kLogistic), "q7"), 8);
}

TEST(Placement, OpsStayFloatAsAsked) {
  expect_float(decided(one_op(kRelu), "int8", "^y$"), "kept float as asked");
  expect_integer(decided(one_op(kRelu), "int8", "^x$"), 8);  // patterns are of results
}

TEST(Placement, LayersNeedConstants) {
  GraphDraft weights, bias;
  int const x = weights.input("x"), w = weights.input("w");
  weights.graph().tensor(w).shape = Shape::of({4, 4});
  weights.outputs({weights.op(kFullyConnected, {x, w}, "y", {-1, 1}, FullyConnectedAttributes{})});
  expect_float(decided(weights, "int8"), "its weights are computed, not constant");
  int const data = bias.input("x"), b = bias.input("b"), c = bias.constant(Shape::of({4, 4}), 1);
  bias.outputs({bias.op(kFullyConnected, {data, c, b}, "y", {-1, 1}, FullyConnectedAttributes{})});
  expect_float(decided(bias, "int8"), "its bias is computed, not constant");
}

TEST(Placement, OtherOpsAreNamedOrLeftAlone) {
  GraphDraft strange, plain;
  strange.outputs({strange.unknown(strange.input("x"), "y")});
  expect_float(decided(strange, "int8"), "narrow does not know this op");
  int const a = plain.tensor("a", {}, DType::int32), y = plain.tensor("y", {}, DType::int32);
  plain.graph().inputs = {a};
  plain.GraphBuilder::op(kAdd, AddAttributes{}, {a, a}, {y});
  plain.outputs({y});
  EXPECT_EQ(decided(plain, "int8").placement, Placement::untouched);
}

}  // namespace
}  // namespace narrow
