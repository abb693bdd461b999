// Tensors whose values pass from graph to graph, or from op to op through a variable, have one type and the same
// params.
#include "ops/activations/activations.h"
#include "ops/control/control.h"
#include "program/runner.h"
#include "quantize/draft.h"

namespace narrow {
namespace {

/// WHILE over a loop variable that starts as `init` and becomes what `step` adds to the body, and a counter.
void add_loop(GraphDraft& d, int init, const OpDef& step, bool float_step = false) {
  for (int g : {1, 2}) {
    d.in(g);
    int const v = d.input("v" + std::to_string(g));
    int const n = d.tensor("n" + std::to_string(g), {}, DType::int32);
    d.graph().inputs.push_back(n);
    if (g == 1) {
      d.graph().outputs = {d.GraphBuilder::constant({.dtype = DType::boolean, .shape = Shape(), .name = "more"},
                                                    std::vector<uint8_t>{0})};
    } else {
      int const y = float_step ? d.float_only(v, "body") : d.op(step, {v}, "body");
      d.graph().outputs = {y, n};
    }
  }
  d.in(0);
  int const n = d.tensor("n", {}, DType::int32);
  d.graph().inputs.push_back(n);
  int const last = d.tensor("last"), count = d.tensor("count", {}, DType::int32);
  d.GraphBuilder::op(kWhile, {}, {init, n}, {last, count}, {1, 2});
  d.outputs({last});
}

TEST(TiedTensors, ALoopVariableHasTheSameParamsInAllGraphs) {
  GraphDraft d(3);
  add_loop(d, d.input("x", {-0.5f, 0.5f}), kTanh);
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  Quantization const params = Quantization::of(1.0f / 128, 0);
  for (auto const& [g, name] : {std::pair{0, "x"}, {0, "last"}, {1, "v1"}, {2, "v2"}, {2, "body"}})
    EXPECT_EQ(named(q->model.graphs[static_cast<size_t>(g)], name).quantization, params) << name;
  EXPECT_EQ(named(q->model.graphs[2], "n2").dtype, DType::int32);
  EXPECT_EQ(q->model.graphs[2].ops.size(), 1u);
}

TEST(TiedTensors, ALoopVariableThatLeavesFixedParamsIsRequantizedInTheBody) {
  GraphDraft d(3);
  add_loop(d, d.input("x", {-4, 4}), kTanh);
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(named(q->model.main(), "x").quantization, named(q->model.graphs[2], "v2").quantization);
  EXPECT_EQ(count(q->model.graphs[2], "QUANTIZE"), 1);  // TANH's 1/128 does not cover where the loop starts
}

TEST(TiedTensors, ALoopVariableOfFloatOpsStaysFloat) {
  GraphDraft d(3);
  add_loop(d, d.input("x"), kTanh, true);
  EXPECT_FALSE(d.quantize());
  auto const q = d.quantize(true);
  ASSERT_TRUE(q) << q.error().what;
  for (const Graph& g : q->model.graphs) EXPECT_EQ(count(g, "QUANTIZE") + count(g, "DEQUANTIZE"), 0);
}

TEST(TiedTensors, ALoopVariableOfABodyThatAnotherGraphRunsTooStaysFloat) {
  GraphDraft d(3);
  add_loop(d, d.input("x", {-0.5f, 0.5f}), kTanh);
  d.model().graphs.push_back(Graph(d.model().main()));  // an entry of its own, which the first graph does not run
  auto const q = d.quantize(true);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_EQ(named(q->model.graphs[2], "v2").dtype, DType::float32);
  EXPECT_EQ(count(q->model.graphs[2], "TANH"), 1);
  EXPECT_EQ(count(q->model.graphs[3], "WHILE"), 1);
}

/// Graphs 1 and 2: the logistic and the hyperbolic tangent of their only input.
void add_branches(GraphDraft& d) {
  for (int g : {1, 2}) {
    d.in(g);
    int const x = d.input("x" + std::to_string(g), {-4, 4});
    d.outputs({g == 1 ? d.op(kLogistic, {x}, "y1", {0, 1}) : d.op(kTanh, {x}, "y2")});
  }
  d.in(0);
}

TEST(TiedTensors, BranchesGiveTheTypeOfTheResult) {
  GraphDraft d(3);
  add_branches(d);
  int const p = d.tensor("p", {}, DType::boolean);
  d.graph().tensor(p).shape = Shape();
  int const x = d.input("x", {-4, 4});
  d.graph().inputs.push_back(p);
  d.outputs(d.run(kIf, {1, 2}, {p, x}, {"y"}));
  auto const q = d.quantize(false, "int8", DType::int8);
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_TRUE(validate(q->model)) << validate(q->model).error().what;
  const Model& m = q->model;
  EXPECT_EQ(named(m.main(), "x").quantization, named(m.graphs[1], "x1").quantization);
  EXPECT_EQ(named(m.main(), "x").quantization, named(m.graphs[2], "x2").quantization);
  Quantization const given = named(m.main(), "y").quantization;
  for (size_t g : {1, 2}) EXPECT_EQ(m.graphs[g].tensor(m.graphs[g].outputs[0]).quantization, given) << g;
  EXPECT_EQ(count(m.graphs[1], "QUANTIZE") + count(m.graphs[2], "QUANTIZE"), 1);  // 1/128 serves one of the two
}

TEST(TiedTensors, CallsOfOneGraphShareItsTypes) {
  GraphDraft d(3);
  add_branches(d);
  int const x = d.input("x", {-4, 4});
  int const a = d.run(kCall, {2}, {x}, {"a"})[0];
  d.outputs({d.run(kCall, {2}, {a}, {"b"})[0]});
  for (const char* scheme : {"int8", "int16x8"}) {
    auto const q = d.quantize(false, scheme);
    ASSERT_TRUE(q) << q.error().what;
    EXPECT_TRUE(validate(q->model)) << validate(q->model).error().what;
    const Graph& g = q->model.main();
    const Tensor& inner = named(q->model.graphs[2], "x2");
    for (const Op& op : g.ops)
      if (op.type == "CALL") {
        EXPECT_EQ(g.tensor(op.inputs[0]).quantization, inner.quantization);
      }
    EXPECT_NE(inner.dtype, DType::float32);
  }
}

/// The result of a model for x = 0.5, -0.25, 1, -1: floats, as its inputs and outputs are.
std::vector<float> result_of(const Model& model) {
  auto program = lower(std::make_shared<const Model>(model), {.profile = all_profiles().front()});
  EXPECT_TRUE(program) << program.error().what;
  if (!program) return {};
  Runner runner(std::move(*program));
  float const x[] = {0.5f, -0.25f, 1, -1};
  std::copy(std::begin(x), std::end(x), reinterpret_cast<float*>(runner.input(0)));
  EXPECT_TRUE(runner.run(1));
  auto const* const y = reinterpret_cast<const float*>(runner.output(0));
  return {y, y + 4};
}

TEST(TiedTensors, CallsGiveNearlyWhatTheFloatsGive) {
  GraphDraft d(3);
  add_branches(d);
  int const x = d.input("x");
  d.outputs({d.run(kCall, {1}, {d.run(kCall, {2}, {x}, {"a"})[0]}, {"b"}, {0, 1})[0]});
  std::vector<float> const wanted = result_of(d.model());
  for (auto const& [scheme, bound] : {std::pair{"int8", 0.03f}, {"int16x8", 1e-3f}}) {
    auto const q = d.quantize(false, scheme);
    ASSERT_TRUE(q) << q.error().what;
    std::vector<float> const got = result_of(q->model);
    for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], bound) << scheme;
  }
}

int handle(GraphDraft& d, const char* name) {
  int const t = d.op(kVarHandle, {}, name, {}, VarHandleAttributes{"", "state"});
  d.graph().tensor(t).dtype = DType::resource;
  d.graph().tensor(t).shape = Shape();
  return t;
}

void assign(GraphDraft& d, int to, int value) {
  d.GraphBuilder::op(kAssignVariable, {}, {to, value}, {});
}

TEST(TiedTensors, AVariableHasOneSetOfParams) {
  GraphDraft d;
  int const x = d.input("x", {-0.5f, 0.5f}), h = handle(d, "h");
  assign(d, h, x);
  int const old = d.op(kReadVariable, {h}, "old", {-0.5f, 0.5f});
  int const next = d.op(kTanh, {old}, "next");
  assign(d, h, next);
  d.outputs({d.op(kReadVariable, {handle(d, "again")}, "y")});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_TRUE(validate(q->model)) << validate(q->model).error().what;
  for (const char* name : {"x", "old", "next", "y"})
    EXPECT_EQ(named(q->model.main(), name).quantization, Quantization::of(1.0f / 128, 0)) << name;
}

TEST(TiedTensors, AVariableThatIsNeverReadTakesWhatItIsGiven) {
  GraphDraft d;
  int const y = d.op(kTanh, {d.input("x")}, "y");
  assign(d, handle(d, "h"), y);
  d.outputs({y});
  auto const q = d.quantize();
  ASSERT_TRUE(q) << q.error().what;
  EXPECT_TRUE(validate(q->model)) << validate(q->model).error().what;
}

TEST(TiedTensors, WhatAFloatGraphSharesStaysFloat) {
  GraphDraft d(2);
  for (int g : {0, 1}) {
    d.in(g);
    int const h = handle(d, "h"), t = d.op(kTanh, {d.input("x")}, "t");
    assign(d, h, t);
    d.outputs({d.op(kTanh, {d.op(kReadVariable, {h}, "r")}, "y")});
    d.model().signatures.push_back({"entry" + std::to_string(g), g, {}, {}});
  }
  EXPECT_FALSE(d.quantize());
  auto const some = d.quantize(true);
  ASSERT_TRUE(some) << some.error().what;
  EXPECT_EQ(named(some->model.main(), "r").dtype, DType::float32);
  EXPECT_EQ(named(some->model.main(), "t").dtype, DType::int8);
  EXPECT_EQ(named(some->model.graphs[1], "t").dtype, DType::float32);
  auto const all = d.quantize(false, "int8", DType::float32, {0, 1});
  ASSERT_TRUE(all) << all.error().what;
  EXPECT_EQ(named(all->model.main(), "r").quantization, named(all->model.graphs[1], "r").quantization);
  EXPECT_EQ(count(all->model.graphs[1], "DEQUANTIZE"), 1);
}

}  // namespace
}  // namespace narrow
