// Quantization parameters, float partitions and kept parameters over graphs made by hand.
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "program/program.h"
#include "quantize/draft.h"

namespace narrow {
namespace {

using Draft = GraphDraft;

TEST(QuantizeGraphs, FixedParamsAreRequantizedOnTheirWayIntoAConcatenation) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  int const s = d.op(kLogistic, {x}, "s", {0, 1});
  d.outputs({d.join({s, x}, "y", {-4, 4})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  const Graph& g = q->model.main();
  EXPECT_EQ(named(g, "s").quantization, Quantization::of(1.0f / 256, -128));
  EXPECT_EQ(named(g, "x").quantization, named(g, "y").quantization);
  EXPECT_EQ(count(g, "QUANTIZE"), 2);  // of the input, and of s
  EXPECT_NE(q->ops[1].reason.find("'s' is requantized"), std::string::npos) << q->ops[1].reason;
}

TEST(QuantizeGraphs, AFixedOperandDoesNotRuleAConcatenationThatItWouldHold) {
  Draft d;
  int const x = d.input("x", {0, 0.4f});
  d.outputs({d.join({d.op(kLogistic, {x}, "s", {0, 0.5f}), x}, "y", {0, 0.5f})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(named(q->model.main(), "s").quantization, Quantization::of(1.0f / 256, -128));
  EXPECT_EQ(named(q->model.main(), "y").quantization, Quantization::of(0.5f / 255, -128));
}

TEST(QuantizeGraphs, OperandsOfDifferentFixedParametersKeepTheirs) {
  Draft d;
  int const x = d.input("x", {0, 4});
  int const a = d.op(kTanh, {x}, "a", {0, 1}), b = d.op(kLogistic, {x}, "b", {0, 1});
  d.outputs({d.op(kMaximum, {a, b}, "y", {0, 1})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  const Graph& g = q->model.main();
  EXPECT_EQ(named(g, "a").quantization, Quantization::of(1.0f / 128, 0));
  EXPECT_EQ(named(g, "b").quantization, Quantization::of(1.0f / 256, -128));
}

TEST(QuantizeGraphs, AConcatenationOfEqualFixedParamsTakesThem) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  int const a = d.op(kTanh, {x}, "a"), b = d.op(kTanh, {a}, "b");
  d.outputs({d.join({a, b}, "y")});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(named(q->model.main(), "y").quantization, Quantization::of(1.0f / 128, 0));
  EXPECT_EQ(count(q->model.main(), "QUANTIZE"), 1);
}

TEST(QuantizeGraphs, ResultsInQmnAreNoFinerThanTheSumsOfTheirLayer) {
  for (const auto& [scheme, step] : {std::pair{"q7", 0x1p-6f * 0x1p-7f}, {"q15", 0x1p-14f * 0x1p-15f}}) {
    Draft d;
    int const x = d.input("x", {-1, 1});
    int const w = d.constant(Shape::of({4, 4}), 0.99f);
    d.outputs({d.op(kFullyConnected, {x, w}, "y", {-1e-9f, 1e-9f}, FullyConnectedAttributes{})});
    auto const q = d.quantize(false, scheme);
    ASSERT_TRUE(q) << q.error().what;
    EXPECT_EQ(named(q->model.main(), "y").quantization.scale(), step) << scheme;
  }
}

TEST(QuantizeGraphs, TwoFixedParamsMeetInASum) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  int const a = d.op(kTanh, {x}, "a"), b = d.op(kLogistic, {x}, "b", {0, 1});
  d.outputs({d.op(kAdd, {a, b}, "y", {-1, 2}, AddAttributes{})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(count(q->model.main(), "QUANTIZE"), 1);  // additions take any scales
}

TEST(QuantizeGraphs, WhatOnlyClampsReadIsCutToWhatTheyLetThrough) {
  Draft d;
  int const x = d.input("x", {-20, 20});
  int const a = d.op(kMinimum, {x, d.constant(Shape::of({1, 4}), 6)}, "a", {-20, 6});
  d.outputs({d.op(kRelu6, {a}, "y", {0, 5.1f})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  for (const char* name : {"x", "a", "y"})
    EXPECT_EQ(named(q->model.main(), name).quantization, Quantization::of(5.1f / 255, -128)) << name;
}

TEST(QuantizeGraphs, WhatOthersReadTooIsNotCut) {
  Draft d;
  int const x = d.input("x", {-20, 20});
  d.outputs({d.op(kRelu, {x}, "y", {0, 20}), d.op(kTanh, {x}, "z")});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(named(q->model.main(), "x").quantization.scale(), 40.0f / 255);
  EXPECT_EQ(named(q->model.main(), "y").quantization.scale(), 20.0f / 255);
}

TEST(QuantizeGraphs, SixteenBitsAreOrderedWithSharedParams) {
  Draft d;
  int const x = d.input("x", {-2, 2}), y = d.input("y", {-3, 3});
  int const a = d.op(kLess, {x, y}, "a"), b = d.op(kGreater, {y, d.constant(Shape::of({1, 4}), 100)}, "b");
  for (int t : {a, b}) d.graph().tensor(t).dtype = DType::boolean;
  d.outputs({a, b});
  auto const q = d.quantize(false, "int16x8");
  ASSERT_TRUE(q) << q.error().what;
  const Graph& g = q->model.main();
  float const scale = named(g, "x").quantization.scale();
  EXPECT_EQ(named(g, "y").quantization.scale(), scale);
  EXPECT_GT(scale, 3.0f / 32767);  // 100 is stored as what no value reaches
  EXPECT_LT(scale, 3.01f / 32767);
  for (const Op& op : g.ops)
    for (int t : op.inputs)
      if (op.type != "QUANTIZE") {
        EXPECT_EQ(g.tensor(t).quantization.scale(), scale);
      }
}

TEST(QuantizeGraphs, OpsThatMoveValuesBetweenFloatOpsStayFloat) {
  Draft d;
  int const x = d.input("x");
  int const a = d.float_only(x, "a");
  int const b = d.op(kReshape, {a}, "b", {-1, 1}, ReshapeAttributes{.new_shape = {1, 4}});
  int const c = d.float_only(b, "c");
  d.outputs({d.op(kTanh, {c}, "y")});
  auto const q = d.quantize(true);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_FALSE(q->ops[1].quantized);
  EXPECT_TRUE(q->ops[3].quantized);
  EXPECT_EQ(count(q->model.main(), "QUANTIZE"), 1);
  EXPECT_EQ(count(q->model.main(), "DEQUANTIZE"), 1);
}

TEST(QuantizeGraphs, WhatFollowsAnUnknownOpStaysFloatAndSoDoOutputsBehindIt) {
  GraphDraft d;
  int const x = d.input("x"), before = d.op(kTanh, {x}, "before"), unknown = d.unknown(before, "unknown");
  d.outputs({d.op(kTanh, {unknown}, "y"), before});
  auto const refused = d.quantize(false, "int8", DType::int8);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().remedy.find("`allow_float`"), std::string::npos) << refused.error().remedy;
  auto const q = d.quantize(true, "int8", DType::int8);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_TRUE(q->ops[0].quantized);
  EXPECT_FALSE(q->ops[1].quantized);
  EXPECT_FALSE(q->ops[2].quantized);
  EXPECT_NE(q->ops[2].reason.find("'unknown'"), std::string::npos) << q->ops[2].reason;
  const Graph& g = q->model.main();
  EXPECT_EQ(g.tensor(g.outputs[0]).dtype, DType::float32);
  EXPECT_EQ(g.tensor(g.outputs[1]).dtype, DType::int8);
  EXPECT_EQ(count(g, "DEQUANTIZE"), 1);
  ASSERT_EQ(q->warnings.size(), 1U);
  EXPECT_NE(q->warnings[0].find("output 'y' stays float32"), std::string::npos) << q->warnings[0];
}

TEST(QuantizeGraphs, KeepFloatSufficesForTheOpsThatItNames) {
  GraphDraft d;
  int const x = d.input("x"), before = d.op(kTanh, {x}, "before");
  d.outputs({d.unknown(before, "detections")});
  auto const q = d.quantize_keeping("detect");
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(q->ops[1].reason, "kept float as asked");
  auto const other = d.quantize_keeping("befor[ef]$");
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().what.find("op 1"), std::string::npos) << other.error().what;
}

TEST(QuantizeGraphs, RulesThatMatchNothingAreToldOf) {
  GraphDraft d;
  d.outputs({d.op(kTanh, {d.input("x")}, "y")});
  auto const q = d.quantize_keeping("dense");
  ASSERT_TRUE(q) << q.error().what;
  ASSERT_EQ(q->warnings.size(), 1U);
  EXPECT_EQ(q->warnings[0], "`keep_float` 'dense' matches no op of the model");
}

TEST(QuantizeGraphs, ATensorIsDequantizedOnceForAllItsFloatReaders) {
  Draft d;
  int const x = d.input("x");
  int const a = d.op(kTanh, {x}, "a");
  int const b = d.float_only(a, "b"), c = d.float_only(a, "c");
  d.outputs({a, b, c});
  auto const q = d.quantize(true);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(count(q->model.main(), "DEQUANTIZE"), 1);
}

TEST(QuantizeGraphs, OneBiasOfTwoLayersIsStoredOncePerScale) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  int const w = d.constant(Shape::of({4, 4}), 0.5f), b = d.constant(Shape::of({4}), 1);
  int const a = d.op(kFullyConnected, {x, w, b}, "a", {-8, 8}, FullyConnectedAttributes{});
  int const c = d.op(kFullyConnected, {a, w, b}, "c", {-9, 9}, FullyConnectedAttributes{});
  d.outputs({c});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_NE(q->ops[1].reason.find("stored once more"), std::string::npos) << q->ops[1].reason;
  const Graph& g = q->model.main();
  auto const layer = [&](int n) -> const Op& {
    return *std::find_if(g.ops.begin(), g.ops.end(),
                         [&](const Op& op) { return op.def == &kFullyConnected && n-- == 0; });
  };
  EXPECT_EQ(layer(0).inputs[1], layer(1).inputs[1]);
  EXPECT_NE(layer(0).inputs[2], layer(1).inputs[2]);
}

TEST(QuantizeGraphs, ParamsOfTheFileAreKept) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  int const a = d.op(kRelu, {x}, "a", {0, 4});
  int const q8 = d.op(kQuantize, {a}, "q");
  d.graph().tensor(q8).dtype = DType::int8;
  d.graph().tensor(q8).quantization = Quantization::of(0.03f, -100);
  int const b = d.op(kDequantize, {q8}, "b", {0, 4});
  int const f = d.op(kTanh, {b}, "f");
  int const g = d.op(kFakeQuant, {f}, "g", {-1, 1}, FakeQuantAttributes{.min = -1.28f, .max = 1.27f});
  d.outputs({d.op(kRelu, {g}, "y", {0, 1})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  const Graph& out = q->model.main();
  EXPECT_EQ(named(out, "a").quantization, Quantization::of(0.03f, -100));
  EXPECT_EQ(named(out, "f").quantization, Quantization::of(1.0f / 128, 0));
  EXPECT_EQ(named(out, "g").quantization, Quantization::of((1.27f + 1.28f) / 255, 0));
  EXPECT_EQ(count(out, "QUANTIZE"), 2);  // of the input, and from f to g
  EXPECT_EQ(count(out, "FAKE_QUANT"), 0);
}

TEST(QuantizeGraphs, VersionsAreRaisedAndNeverLowered) {
  for (const auto& [scheme, least] : {std::pair{"int8", 2}, {"int16x8", 3}})
    for (int stated : {1, 7}) {
      Draft d;
      d.outputs({d.op(kRelu, {d.input("x")}, "y", {0, 1})});
      d.graph().ops[0].version = stated;
      auto const q = d.quantize(false, scheme);
      ASSERT_TRUE(q) << q.error().what;
      for (const Op& op : q->model.main().ops)
        if (op.def == &kRelu) {
          EXPECT_EQ(op.version, std::max(stated, least)) << scheme;
        }
    }
}

/// The scale of weights under a FAKE_QUANT of that range, which are 0.5 but for the first.
float weight_scale(int bits, float lo, float hi, float first) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  int const w = d.constant(Shape::of({4, 4}), 0.5f);
  std::vector<float> values(16, 0.5f);
  values[0] = first;
  d.graph().tensor(w).data = SharedBytes::copy_of(std::span<const float>(values));
  int const cut = d.op(kFakeQuant, {w}, "w", {-2, 2}, FakeQuantAttributes{.min = lo, .max = hi, .num_bits = bits});
  d.graph().tensor(cut).shape = Shape::of({4, 4});
  d.outputs({d.op(kFullyConnected, {x, cut}, "y", {-9, 9}, FullyConnectedAttributes{})});
  auto const q = d.quantize();
  if (!q) return 0;
  for (const Op& op : q->model.main().ops)
    if (op.def == &kFullyConnected) return q->model.main().tensor(op.inputs[1]).quantization.scale();
  return 0;
}

TEST(QuantizeGraphs, WeightsOfAFakeQuantReachBothEndsOfIt) {
  EXPECT_FLOAT_EQ(weight_scale(8, -1.0f, 1.55f, 1.55f), 1.55f / 127);
  EXPECT_FLOAT_EQ(weight_scale(8, -1.55f, 1.0f, -1.55f), 1.55f / 127);
  EXPECT_FLOAT_EQ(weight_scale(4, -0.7f, 0.8f, 0.8f), 0.1f);
}

TEST(QuantizeGraphs, WeightsOfAFakeQuantKeepItsGridWhereTheyFit) {
  EXPECT_EQ(weight_scale(8, -1.0f, 127.0f / 128, -127.0f / 128), 1.0f / 128);
  EXPECT_FLOAT_EQ(weight_scale(8, -1.0f, 127.0f / 128, -1.0f), 1.0f / 127);
  EXPECT_FLOAT_EQ(weight_scale(8, -1.0f, 1.55f, 0.25f), 0.01f);
}

TEST(QuantizeGraphs, WeightsOfTheFileAreKeptBitForBit) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  int const stored = d.constant(Shape::of({4, 4}), 0);
  std::vector<int8_t> const values{1, 2, 3, -4, 5, 6, 7, 8, -9, 10, 11, 12, 13, 14, 15, 127};
  d.graph().tensor(stored).dtype = DType::int8;
  d.graph().tensor(stored).data = SharedBytes::copy_of(std::span<const int8_t>(values));
  d.graph().tensor(stored).quantization = {{0.1f, 0.2f, 0.3f, 0.4f}, {0, 0, 0, 0}, 0};
  int const w = d.op(kDequantize, {stored}, "w");
  d.graph().tensor(w).shape = Shape::of({4, 4});
  d.outputs({d.op(kFullyConnected, {x, w}, "y", {-99, 99}, FullyConnectedAttributes{})});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  const Graph& g = q->model.main();
  auto const layer = std::find_if(g.ops.begin(), g.ops.end(), [](const Op& op) { return op.def == &kFullyConnected; });
  const Tensor& kept = g.tensor(layer->inputs[1]);
  EXPECT_TRUE(std::equal(values.begin(), values.end(), kept.values<int8_t>().begin()));
  EXPECT_EQ(kept.quantization.scales, (std::vector<float>{0.1f, 0.2f, 0.3f, 0.4f}));
  EXPECT_EQ(count(g, "DEQUANTIZE"), 1);  // of the output
}

TEST(QuantizeGraphs, AnInputThatIsAnOutputIsNotConvertedThereAndBack) {
  Draft d;
  int const x = d.input("x");
  d.outputs({x, d.op(kTanh, {x}, "y")});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(q->model.main().inputs[0], q->model.main().outputs[0]);
  EXPECT_EQ(count(q->model.main(), "DEQUANTIZE"), 1);
}

TEST(QuantizeGraphs, AVariableIsNotWrittenByAConversion) {
  Draft d;
  int const x = d.input("x");
  d.graph().tensor(x).variable = true;
  d.outputs({d.op(*find_op("COS"), {x}, "y")});
  for (DType io : {DType::int8, DType::float32}) {
    auto const q = d.quantize(true, "int8", io);
    ASSERT_TRUE(q) << q.error().what;
    EXPECT_TRUE(validate(q->model)) << validate(q->model).error().what;
  }
}

TEST(QuantizeGraphs, AConstantThatIsAnOutputIsConverted) {
  Draft d;
  int const x = d.input("x"), c = d.constant(Shape::of({1, 4}), 0.5f);
  d.outputs({d.op(kTanh, {x}, "y"), c});
  auto const q = d.quantize(false, "int8", DType::int8);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_TRUE(validate(q->model)) << validate(q->model).error().what;
  const Graph& g = q->model.main();
  EXPECT_EQ(g.tensor(g.outputs[1]).dtype, DType::int8);
  EXPECT_FALSE(g.tensor(g.outputs[1]).constant);
}

/// RELU(x) > x, where |x| <= range.
int compared(Draft& d, float range) {
  int const x = d.input("x", {-range, range});
  int const y = d.op(kGreater, {d.op(kRelu, {x}, "r", {0, range}), x}, "y");
  d.graph().tensor(y).dtype = DType::boolean;
  d.outputs({y});
  return y;
}

TEST(QuantizeGraphs, AnOpWhoseScalesNoKernelTakesIsNamed) {
  Draft narrow_range, wide_range;
  compared(narrow_range, 100);
  EXPECT_TRUE(narrow_range.quantize());
  compared(wide_range, 300);
  auto const q = wide_range.quantize();
  ASSERT_FALSE(q);
  EXPECT_EQ(q.error().kind, ErrorKind::unsupported);
  EXPECT_NE(q.error().what.find("op 1 (GREATER): no kernel computes it with these integers: 'r' has scale"),
            std::string::npos)
      << q.error().what;
}

TEST(QuantizeGraphs, AnOpWhoseScalesNoKernelTakesStaysFloatWhereItMay) {
  Draft d;
  compared(d, 300);
  auto const q = d.quantize(true);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_FALSE(q->ops[1].quantized);
  EXPECT_NE(q->ops[1].reason.find("compare below 1 only"), std::string::npos) << q->ops[1].reason;
  EXPECT_TRUE(lower(std::make_shared<const Model>(q->model), {.profile = all_profiles().front()}));
}

TEST(QuantizeGraphs, ConstantsThatAreNotFiniteKeepAnOpFloat) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Draft weights, operand;
  int const x = weights.input("x");
  weights.outputs({weights.op(kFullyConnected, {x, weights.constant(Shape::of({4, 4}), kInfinity)}, "y", {-1, 1},
                              FullyConnectedAttributes{})});
  int const a = operand.input("a");
  operand.outputs(
      {operand.op(kAdd, {a, operand.constant(Shape::of({1, 4}), kInfinity)}, "y", {-1, 1}, AddAttributes{})});
  for (Draft* d : {&weights, &operand}) {
    auto const refused = d->quantize();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("not finite"), std::string::npos) << refused.error().what;
    auto const q = d->quantize(true);
    ASSERT_TRUE(q) << q.error().what;
    EXPECT_FALSE(q->ops[0].quantized);
  }
}

TEST(QuantizeGraphs, AnOutputThatNoKernelConvertsToTheTypeAskedForIsNamed) {
  Draft d;
  int const t = d.op(kTanh, {d.input("x")}, "t");
  d.outputs({d.op(kFakeQuant, {t}, "y", {-1, 1}, FakeQuantAttributes{.min = -1e38F, .max = 1e38F})});
  EXPECT_TRUE(d.quantize(false, "int8", DType::int8));
  auto const q = d.quantize(false, "int8", DType::int16);
  ASSERT_FALSE(q);
  EXPECT_NE(q.error().what.find("cannot be converted to int16"), std::string::npos) << q.error().what;
  EXPECT_NE(q.error().where.find("'y"), std::string::npos) << q.error().where;
}

TEST(QuantizeGraphs, ExplainNamesParamsAndKernel) {
  Draft d;
  int const x = d.input("x", {-4, 4});
  d.outputs({d.op(kTanh, {x}, "y")});
  QuantizeOptions options;
  options.scheme = find_scheme("int8");
  options.recipe = recipe_of(*options.scheme);
  options.explain = "y";
  auto const q = narrow::quantize(
      d.model(),
      [](TensorRef, const std::string&, int) -> Result<Range> {
        return Range{-4, 4};
      },
      options);
  ASSERT_TRUE(q) << q.error().what;
  ASSERT_EQ(q->explanations.size(), 1u);
  const OpExplanation& e = q->explanations[0];
  EXPECT_FALSE(e.kernel.empty());
  ASSERT_EQ(e.operands.size(), 2u);
  EXPECT_EQ(e.operands[0].origin, "its own range");
  EXPECT_EQ(e.operands[1].origin, "fixed for TANH");
  options.explain = "nothing";
  EXPECT_FALSE(narrow::quantize(
      d.model(), [](TensorRef, const std::string&, int) -> Result<Range> { return Range{}; }, options));
}

}  // namespace
}  // namespace narrow
