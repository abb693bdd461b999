// Frozen GraphDef files: what becomes of nodes.
#include "read/graphdef/graphdef.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graph_writer.h"
#include "ops/conversions/conversions.h"
#include "ops/layout/layout.h"
#include "read/read.h"

namespace narrow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> types_of(const Model& model) {
  std::vector<std::string> out;
  for (const Op& op : model.main().ops) out.push_back(op.type);
  return out;
}

Result<Model> read(const GraphWriter& w, const LoadOptions& options = {}) {
  return read_model(w.bytes(), "m.pb", options);
}

Model model_of(const GraphWriter& w, const LoadOptions& options = {}) {
  auto model = read(w, options);
  EXPECT_TRUE(model) << model.error().what << " " << model.error().where;
  return model ? std::move(*model) : Model{};
}

std::vector<float> values_of(const Model& model, int tensor) {
  auto const v = model.main().tensor(tensor).values<float>();
  return {v.begin(), v.end()};
}

std::string refusal(const GraphWriter& w, const LoadOptions& options = {}) {
  auto const model = read(w, options);
  if (model) return "read";
  return std::string(to_string(model.error().kind)) + ": " + model.error().what + " (" + model.error().where + ")";
}

/// A convolution of one channel into two, of a free number of images.
GraphWriter small_conv() {
  GraphWriter w;
  w.placeholder("x", {-1, 4, 4, 1});
  w.floats("filter", {1, 2, 1, 2}, {1, 2, 3, 4});
  w.conv("conv", {"x", "filter"});
  w.floats("b", {2}, {5, 6});
  w.node("bias", "BiasAdd", {"conv", "b"});
  w.node("out", "Relu", {"bias"});
  return w;
}

TEST(GraphDef, ALayerTakesItsBiasAndItsWeightsAreOhwi) {
  Model const m = model_of(small_conv());
  EXPECT_THAT(types_of(m), ElementsAre("CONV_2D", "RELU"));
  const Op& conv = m.main().ops[0];
  EXPECT_EQ(values_of(m, conv.inputs[1]), (std::vector<float>{1, 3, 2, 4}));
  EXPECT_EQ(values_of(m, conv.inputs[2]), (std::vector<float>{5, 6}));
  EXPECT_EQ(m.main().tensor(conv.outputs[0]).name, "bias");
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).shape_signature, (std::vector<int32_t>{-1, 4, 4, 2}));
  ASSERT_EQ(m.signatures.size(), 1u);
  EXPECT_EQ(m.signatures[0].inputs[0].first, "x");
  EXPECT_EQ(m.signatures[0].outputs[0].first, "out");
}

TEST(GraphDef, AFixedBatchIsFreeNoLonger) {
  Model const m = model_of(small_conv(), {.batch = 3});
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).shape, Shape::of({3, 4, 4, 2}));
}

TEST(GraphDef, ABiasThatOthersReadStaysASum) {
  GraphWriter w = small_conv();
  w.node("more", "Tanh", {"conv"});
  EXPECT_THAT(types_of(model_of(w)), testing::UnorderedElementsAre("CONV_2D", "ADD", "RELU", "TANH"));
}

TEST(GraphDef, ConstantsPassThroughReshapeSqueezeAndIdentity) {
  GraphWriter w;
  w.placeholder("x", {1, 4, 4, 1});
  w.floats("filter", {1, 1, 1, 2}, {1, 2});
  w.node("read", "Identity", {"filter"});
  w.conv("conv", {"x", "read"});
  w.floats("b", {2}, {5, 6});
  w.ints("shape", {4}, {1, 1, 1, 2});
  w.node("reshaped", "Reshape", {"b", "shape"});
  GraphWriter::set_list(w.node("squeezed", "Squeeze", {"reshaped"}), "squeeze_dims", {0, 1, 2});
  w.node("out", "BiasAdd", {"conv", "squeezed"});
  Model const m = model_of(w);
  EXPECT_THAT(types_of(m), ElementsAre("CONV_2D"));
  EXPECT_EQ(values_of(m, m.main().ops[0].inputs[2]), (std::vector<float>{5, 6}));
}

TEST(GraphDef, AShapeComputedFromTheBatchIsMinusOne) {
  GraphWriter w;
  w.placeholder("x", {-1, 3, 2});
  w.node("shape", "Shape", {"x"});
  w.ints("zero", {1}, {0});
  w.ints("one", {1}, {1});
  (*w.node("batch", "StridedSlice", {"shape", "zero", "one", "one"}).mutable_attr())["shrink_axis_mask"].set_i(1);
  w.ints("six", {}, {6});
  w.node("to", "Pack", {"batch", "six"});
  w.node("out", "Reshape", {"x", "to"});
  Model const m = model_of(w);
  ASSERT_THAT(types_of(m), ElementsAre("RESHAPE"));
  EXPECT_EQ(m.main().ops[0].attributes.get<ReshapeAttributes>().new_shape, (std::vector<int32_t>{-1, 6}));
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).shape_signature, (std::vector<int32_t>{-1, 6}));
}

TEST(GraphDef, BatchNormalizationIsAProductAndASum) {
  GraphWriter w;
  w.placeholder("x", {1, 2, 2, 2});
  for (const char* name : {"gamma", "beta", "mean"}) w.floats(name, {2}, {1, 2});
  w.floats("variance", {2}, {1, 4});
  auto& norm = w.node("bn", "FusedBatchNormV3", {"x", "gamma", "beta", "mean", "variance"});
  EXPECT_THAT(refusal(w), HasSubstr("unsupported: the batch normalization is that of training"));
  (*norm.mutable_attr())["is_training"].set_b(false);
  (*norm.mutable_attr())["epsilon"].set_f(0);
  Model const m = model_of(w);
  EXPECT_THAT(types_of(m), ElementsAre("MUL", "ADD"));
  EXPECT_EQ(values_of(m, m.main().ops[1].inputs[1]), (std::vector<float>{0, 0}));
}

TEST(GraphDef, DropoutLeavesNothing) {
  GraphWriter w;
  w.placeholder("x", {1, 4});
  w.placeholder("keep_prob", {});
  w.node("shape", "Shape", {"x"});
  w.node("random", "RandomUniform", {"shape"});
  w.floats("range", {}, {1});
  w.node("scaled", "Mul", {"random", "range"});
  w.node("shifted", "Add", {"keep_prob", "scaled"});
  w.node("mask", "Floor", {"shifted"});
  w.node("over", "RealDiv", {"x", "keep_prob"});
  w.node("dropped", "Mul", {"over", "mask"});
  w.node("out", "Relu", {"dropped"});
  Model const m = model_of(w);
  EXPECT_THAT(types_of(m), ElementsAre("RELU"));
  EXPECT_EQ(m.main().inputs.size(), 1u);
  EXPECT_THAT(m.notes, ElementsAre("input 'keep_prob' is taken as 1: dropout keeps everything"));
}

TEST(GraphDef, DropoutWhoseRateIsComputedLeavesNothing) {
  GraphWriter w;  // as TensorFlow 1.13 to 2 write it: kept where a random number is at least 1 - keep_prob
  w.placeholder("x", {-1, 4});
  w.placeholder("keep_prob", {});
  w.floats("unit", {}, {1});
  w.node("rate", "Sub", {"unit", "keep_prob"});
  w.node("kept", "Sub", {"unit", "rate"});
  w.node("factor", "RealDiv", {"unit", "kept"});
  w.node("scaled", "Mul", {"x", "factor"});
  w.node("shape", "Shape", {"x"});
  w.node("random", "RandomUniform", {"shape"});
  w.node("mask", "GreaterEqual", {"random", "rate"});
  (*w.node("cast", "Cast", {"mask"}).mutable_attr())["DstT"].set_type(1);
  w.node("dropped", "Mul", {"scaled", "cast"});
  w.node("out", "Relu", {"dropped"});
  EXPECT_THAT(types_of(model_of(w)), ElementsAre("RELU"));
}

TEST(GraphDef, SwitchesOfTrainingAreOff) {
  for (const char* name : {"is_training", "phase_train", "isTraining", "keras_learning_phase"}) {
    GraphWriter w;
    w.placeholder("x", {-1, 4});
    w.placeholder(name, {});
    (*w.graph.mutable_node(1)->mutable_attr())["dtype"].set_type(10);
    w.node("switch", "Switch", {"x", name});
    w.node("off", "Relu", {"switch"});
    w.node("on", "Tanh", {"switch:1"});
    w.node("out", "Merge", {"off", "on"});
    Model const m = model_of(w);
    EXPECT_THAT(types_of(m), ElementsAre("RELU")) << name;
    EXPECT_THAT(m.notes, ElementsAre(HasSubstr("is taken as false"))) << name;
  }
}

TEST(GraphDef, AReductionOverNoDimensionsChangesNothing) {
  GraphWriter w;
  w.placeholder("x", {-1, 4});
  w.node("shape", "Shape", {"x"});
  w.ints("unit", {}, {1});
  w.ints("axis", {}, {0});
  w.node("width", "GatherV2", {"shape", "unit", "axis"});
  w.ints("none", {0}, {});
  w.node("same", "Max", {"width", "none"});
  w.ints("minus", {}, {-1});
  w.node("dims", "Pack", {"minus", "same"});
  w.node("flat", "Reshape", {"x", "dims"});
  w.node("mean", "Mean", {"flat", "none"});
  w.node("out", "Relu", {"mean"});
  EXPECT_THAT(types_of(model_of(w)), testing::Each(testing::AnyOf("RESHAPE", "RELU")));
}

TEST(GraphDef, ShortFloatsAreComputedAsFloat32) {
  GraphWriter w;
  w.placeholder("x", {-1, 2});
  (*w.graph.mutable_node(0)->mutable_attr())["dtype"].set_type(19);
  auto& filter = *w.node("w", "Const", {}).mutable_attr();
  filter["dtype"].set_type(19);
  auto& tensor = *filter["value"].mutable_tensor();
  tensor.set_dtype(19);
  for (int64_t const d : {2, 2}) tensor.mutable_tensor_shape()->add_dim()->set_size(d);
  for (int const bits : {0x3c00, 0xc000, 0x3800, 0x0000}) tensor.add_half_val(bits);  // 1, -2, 0.5, 0
  w.node("product", "MatMul", {"x", "w"});
  (*w.node("out", "Cast", {"product"}).mutable_attr())["DstT"].set_type(1);
  Model const m = model_of(w);
  ASSERT_THAT(types_of(m), ElementsAre("FULLY_CONNECTED"));
  EXPECT_EQ(m.main().tensor(m.main().inputs[0]).dtype, DType::float32);
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).dtype, DType::float32);
  EXPECT_EQ(values_of(m, m.main().ops[0].inputs[1]), (std::vector<float>{1, 0.5, -2, 0}));
  EXPECT_THAT(m.notes, ElementsAre(HasSubstr("16-bit floats")));
}

TEST(GraphDef, RangesOfFakeQuantBecomeQuantization) {
  GraphWriter w;
  w.placeholder("x", {1, 1, 1, 1});
  w.floats("filter", {1, 1, 1, 2}, {0.9f, -2});
  w.floats("lo", {2}, {-1.27f, -2.54f});
  w.floats("hi", {2}, {1.27f, 2.54f});
  auto& fake = w.node("fake", "FakeQuantWithMinMaxVarsPerChannel", {"filter", "lo", "hi"});
  (*fake.mutable_attr())["narrow_range"].set_b(true);
  w.conv("conv", {"x", "fake"});
  auto& out = w.node("out", "FakeQuantWithMinMaxArgs", {"conv"});
  (*out.mutable_attr())["min"].set_f(1);
  (*out.mutable_attr())["max"].set_f(3);
  Model const m = model_of(w);
  ASSERT_THAT(types_of(m), ElementsAre("QUANTIZE", "DEQUANTIZE", "CONV_2D", "FAKE_QUANT"));
  const Tensor& stored = m.main().tensor(m.main().ops[0].outputs[0]);
  EXPECT_EQ(stored.dtype, DType::int8);
  EXPECT_EQ(stored.quantization.axis, 0);
  EXPECT_THAT(stored.quantization.scales, ElementsAre(testing::FloatEq(0.01f), testing::FloatEq(0.02f)));
  // A range without zero moves to it, as TensorFlow moves it.
  auto const& range = m.main().ops[3].attributes.get<FakeQuantAttributes>();
  EXPECT_EQ(std::pair(range.min, range.max), std::pair(0.0f, 2.0f));
}

TEST(GraphDef, RangesOfFakeQuantThatAreNoneAreNamed) {
  for (auto const& [lo, hi, said] : {std::tuple{2.0f, 1.0f, "the range 2.000000 to 1.000000 of FakeQuant is none"},
                                     std::tuple{std::nanf(""), 1.0f, "nan to 1.000000 of FakeQuant is none"}}) {
    GraphWriter w;
    w.placeholder("x", {1, 4});
    w.floats("lo", {}, {lo});
    w.floats("hi", {}, {hi});
    w.node("out", "FakeQuantWithMinMaxVars", {"x", "lo", "hi"});
    EXPECT_THAT(refusal(w), HasSubstr(said));
  }
}

TEST(GraphDef, ChannelsFirstGoToTheEnd) {
  GraphWriter w;
  w.placeholder("x", {1, 1, 4, 4});
  w.floats("filter", {1, 1, 1, 2}, {1, 2});
  (*w.conv("a", {"x", "filter"}).mutable_attr())["data_format"].set_s("NCHW");
  w.floats("b", {2}, {5, 6});
  (*w.node("c", "BiasAdd", {"a", "b"}).mutable_attr())["data_format"].set_s("NCHW");
  w.node("d", "Relu", {"c"});
  w.floats("factor", {1, 2, 1, 1}, {3, 4});
  w.node("out", "Mul", {"d", "factor"});
  Model const m = model_of(w);
  EXPECT_THAT(types_of(m), ElementsAre("CONV_2D", "RELU", "MUL"));
  EXPECT_EQ(m.main().tensor(m.main().inputs[0]).shape, Shape::of({1, 4, 4, 1}));
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).shape, Shape::of({1, 4, 4, 2}));
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).name, "out");
  EXPECT_THAT(values_of(m, m.main().ops[2].inputs[1]), ElementsAre(3, 4));
  EXPECT_EQ(m.notes.size(), 2u);
  Model const kept = model_of(w, {.keep_layout = true});
  EXPECT_THAT(types_of(kept), ElementsAre("TRANSPOSE", "CONV_2D", "RELU", "MUL", "TRANSPOSE"));
  EXPECT_EQ(kept.main().tensor(kept.main().outputs[0]).shape, Shape::of({1, 2, 4, 4}));
  EXPECT_EQ(kept.main().tensor(kept.main().outputs[0]).name, "out");
}

TEST(GraphDef, ALoopRunsAsOftenAsItsConditionSays) {
  GraphWriter w;
  w.placeholder("x", {1, 4});
  w.floats("step", {4}, {1, 2, 3, 4});
  w.ints("limit", {}, {3});
  w.loop("x", "step", "limit");
  EXPECT_THAT(types_of(model_of(w)), ElementsAre("ADD", "ADD", "ADD"));
}

TEST(GraphDef, ALoopThatDoesNotEndIsRefused) {
  GraphWriter w;
  w.placeholder("x", {1, 4});
  w.floats("step", {}, {0});
  w.ints("limit", {}, {2000000000});
  w.loop("x", "step", "limit");
  EXPECT_THAT(refusal(w), HasSubstr("limit_exceeded: "));
}

TEST(GraphDef, ALoopThatDependsOnDataIsRefused) {
  GraphWriter w;
  w.placeholder("x", {1, 4});
  w.placeholder("often", {});
  w.loop("x", "x", "often");
  EXPECT_THAT(refusal(w), HasSubstr("how often the loop runs, is not known from shapes and constants"));
}

/// y = f(x) with f calling `inner`.
GraphWriter with_function(const std::string& inner) {
  GraphWriter w;
  w.placeholder("x", {1, 4});
  (*w.node("y", "PartitionedCall", {"x"}).mutable_attr())["f"].mutable_func()->set_name("f");
  auto& f = *w.graph.mutable_library()->add_function();
  f.mutable_signature()->set_name("f");
  f.mutable_signature()->add_input_arg()->set_name("a");
  f.mutable_signature()->add_output_arg()->set_name("r");
  auto& node = *f.add_node_def();
  node.set_name("inside");
  node.set_op(inner);
  node.add_input("a");
  (*node.mutable_attr())["f"].mutable_func()->set_name("f");
  (*f.mutable_ret())["r"] = "inside:out:0";
  return w;
}

TEST(GraphDef, FunctionsAreCalled) {
  EXPECT_THAT(types_of(model_of(with_function("Relu"))), ElementsAre("RELU"));
}

TEST(GraphDef, FunctionsThatCallThemselvesAreRefused) {
  EXPECT_THAT(refusal(with_function("PartitionedCall")), HasSubstr("limit_exceeded: more than 64 functions"));
}

TEST(GraphDef, NetworksThatChangeVariablesAreRefused) {
  EXPECT_THAT(refusal(with_function("AssignAddVariableOp")), HasSubstr("unsupported: the network changes a variable"));
}

GraphWriter with_front_end() {
  GraphWriter w;
  w.placeholder("wav", {});
  (*w.node("decoded", "DecodeWav", {"wav"}).mutable_attr())["desired_samples"].set_i(16000);
  (*w.graph.mutable_node(1)->mutable_attr())["desired_channels"].set_i(1);
  auto& spectrogram = *w.node("spectrogram", "AudioSpectrogram", {"decoded"}).mutable_attr();
  spectrogram["window_size"].set_i(640);
  spectrogram["stride"].set_i(320);
  (*w.node("Mfcc", "Mfcc", {"spectrogram", "decoded:1"}).mutable_attr())["dct_coefficient_count"].set_i(10);
  w.ints("shape", {2}, {-1, 490});
  w.node("flat", "Reshape", {"Mfcc", "shape"});
  w.node("out", "Softmax", {"flat"});
  return w;
}

TEST(GraphDef, AnAudioFrontEndIsLeftOut) {
  Model const m = model_of(with_front_end());
  EXPECT_THAT(types_of(m), ElementsAre("RESHAPE", "SOFTMAX"));
  EXPECT_EQ(m.main().tensor(m.main().inputs[0]).shape, Shape::of({1, 49, 10}));
  ASSERT_EQ(m.notes.size(), 1u);
  EXPECT_THAT(m.notes[0], HasSubstr("the input is 'Mfcc' (Mfcc), of shape [1, 49, 10]"));
}

TEST(GraphDef, NamesCutTheGraph) {
  Model const m = model_of(small_conv(), {.inputs = {"conv"}, .outputs = {"bias:0"}});
  EXPECT_THAT(types_of(m), ElementsAre("ADD"));
  EXPECT_EQ(m.main().tensor(m.main().inputs[0]).shape_signature, (std::vector<int32_t>{-1, 4, 4, 2}));
}

TEST(GraphDef, WhatIsCutOffNeedNotBeKnown) {
  GraphWriter w = small_conv();
  w.node("strange", "Strange", {"out"});
  EXPECT_THAT(refusal(w),
              HasSubstr("unsupported: narrow has no form of the op Strange (node 'strange' (Strange), m.pb"));
  EXPECT_THAT(types_of(model_of(w, {.outputs = {"out"}})), ElementsAre("CONV_2D", "RELU"));
}

TEST(GraphDef, NodesAreListed) {
  GraphWriter w = small_conv();
  w.node("strange", "Strange", {"out"});
  auto const ops = list_graph_def_ops(w.bytes(), "m.pb");
  ASSERT_TRUE(ops) << ops.error().what;
  std::vector<std::string> all;
  for (const FileOp& op : *ops) all.push_back(op.type + (op.reason.empty() ? "" : "!"));
  EXPECT_THAT(all, ElementsAre("Placeholder", "Conv2D", "BiasAdd", "Relu", "Strange!"));
}

TEST(GraphDef, BadFilesAreNamed) {
  GraphWriter circle;
  circle.node("a", "Relu", {"b"});
  circle.node("b", "Relu", {"a"});
  circle.node("c", "Relu", {"a"});
  EXPECT_THAT(refusal(circle), HasSubstr("bad_file: nodes read each other in a circle"));
  GraphWriter absent;
  absent.node("a", "Relu", {"nobody"});
  EXPECT_THAT(refusal(absent), HasSubstr("bad_file: the node reads one that is not there (node 'a'"));
  GraphWriter twice;
  twice.placeholder("a", {1});
  twice.placeholder("a", {1});
  EXPECT_THAT(refusal(twice), HasSubstr("bad_file: two nodes have the name 'a'"));
  GraphWriter port;
  port.placeholder("a", {1});
  port.node("b", "Relu", {"a:7"});
  EXPECT_THAT(refusal(port), HasSubstr("bad_file: node 'a' has no result 7"));
  GraphWriter large;
  large.placeholder("x", {1});
  large.floats("c", {1 << 14, 1 << 14}, {1});
  large.node("y", "Add", {"x", "c"});
  EXPECT_THAT(refusal(large), HasSubstr("limit_exceeded: constants that repeat a value"));
  GraphWriter empty;
  empty.placeholder("x", {1});
  empty.floats("c", {0}, {});
  empty.node("y", "Add", {"x", "c"});
  EXPECT_THAT(refusal(empty), HasSubstr("unsupported: the node reads a constant without elements"));
  GraphWriter variable;
  variable.node("v", "VariableV2", {});
  variable.node("r", "Relu", {"v"});
  EXPECT_THAT(refusal(variable), HasSubstr("unsupported: the graph holds variables"));
}

TEST(GraphDef, TruncatedFilesAreErrors) {
  std::string const whole = small_conv().text();
  for (size_t n = 0; n < whole.size(); ++n) {
    auto const model = read_model(SharedBytes::copy_of(std::span<const char>(whole.data(), n)), "m.pb");
    if (!model) {
      EXPECT_NE(model.error().kind, ErrorKind::internal) << n;
    }
  }
}

}  // namespace
}  // namespace narrow
