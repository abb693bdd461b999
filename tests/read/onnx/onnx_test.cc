#include "read/onnx/onnx.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../../onnx_file.h"
#include "read/read.h"

namespace narrow {
namespace {

Result<Model> read(const OnnxFile& file, const LoadOptions& options = {}) {
  std::string const bytes = file.bytes();
  return read_model(SharedBytes::copy_of(std::span<const char>(bytes)), "m.onnx", options);
}

std::vector<std::string> types(const Model& model) {
  std::vector<std::string> out;
  for (const Op& op : model.main().ops) out.push_back(op.type);
  return out;
}

std::string refusal(const OnnxFile& file) {
  auto const model = read(file);
  return model ? std::string() : std::string(to_string(model.error().kind)) + ": " + model.error().what;
}

TEST(Onnx, LeavesNoTransposeBetweenLayers) {
  auto const model = read(OnnxFile::network());
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(types(*model), (std::vector<std::string>{"CONV_2D", "RELU", "MAX_POOL_2D", "RESHAPE", "FULLY_CONNECTED"}));
  const Graph& graph = model->main();
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape.text(), "[1, 6, 6, 2]");
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape_signature, (std::vector<int32_t>{-1, 6, 6, 2}));
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape_signature, (std::vector<int32_t>{-1, 4}));
  ASSERT_EQ(model->notes.size(), 1U);
  EXPECT_NE(model->notes[0].find("`keep_layout`"), std::string::npos);
}

/// A file whose second node has a type that narrow does not know and a name that is no UTF-8.
OnnxFile strange_file() {
  OnnxFile file;
  file.input("x", {1, 4}).output("z");
  file.node("Relu", {"x"}, "y").set_name("fine");
  file.node("Strange", {"y"}, "z").set_name("a\xff\xfe");
  return file;
}

TEST(Onnx, NodesAreListed) {
  std::string const bytes = strange_file().bytes();
  auto const ops = list_onnx_ops(SharedBytes::copy_of(std::span<const char>(bytes)), "m.onnx");
  ASSERT_TRUE(ops) << ops.error().what;
  std::vector<std::string> all;
  for (const FileOp& op : *ops) all.push_back(op.type + (op.reason.empty() ? "" : "!"));
  EXPECT_EQ(all, (std::vector<std::string>{"Relu", "Strange!"}));
}

TEST(Onnx, ParsingPrintsNothingForNamesThatAreNoUtf8) {
  testing::internal::CaptureStderr();
  auto const model = read(strange_file());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().where.find("'a?\?'"), std::string::npos) << model.error().where;
}

/// An LSTM of 2 units over 3 steps of 4 features, with operands `more` behind the weights.
OnnxFile lstm_file(const std::vector<std::string>& more = {}) {
  OnnxFile file;
  file.input("x", {3, 1, 4}).floats("w", {1, 8, 4}).floats("r", {1, 8, 2}).output("y");
  std::vector<std::string> operands{"x", "w", "r"};
  operands.insert(operands.end(), more.begin(), more.end());
  auto& node = file.node("LSTM", operands, "y");
  node.add_output("hidden");
  node.add_output("cell");
  return file;
}

TEST(Onnx, AnLstmWhoseCellStateNoOneReadsIsTheUsualOne) {
  auto const model = read(lstm_file());
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(types(*model), (std::vector<std::string>{"RESHAPE", "UNIDIRECTIONAL_SEQUENCE_LSTM", "RESHAPE"}));
  auto const with_cell = read(lstm_file().output("cell"));
  ASSERT_TRUE(with_cell) << with_cell.error().what;
  EXPECT_EQ(types(*with_cell)[1], "LSTM_SEQUENCE");
}

TEST(Onnx, SequencesAreAsLongAsTheData) {
  auto const with_length = [](int length) {
    OnnxFile file = lstm_file({"", "length"});
    file.tensor("length", 6, {1}).add_int32_data(length);
    return refusal(file);
  };
  EXPECT_EQ(with_length(3), "");
  EXPECT_EQ(with_length(2), "unsupported: a sequence of 2 steps in data of 3 cannot be read");
}

TEST(Onnx, RecurrentLayersThatCannotBeReadAreRefusedByName) {
  OnnxFile coupled = lstm_file();
  auto& attribute = *coupled.graph().mutable_node(0)->add_attribute();
  attribute.set_name("input_forget");
  attribute.set_i(1);
  EXPECT_EQ(refusal(coupled), "unsupported: an LSTM with coupled input and forget gates cannot be read");
  OnnxFile computed;
  computed.input("x", {3, 1, 4}).input("w", {1, 8, 4}).floats("r", {1, 8, 2}).output("y");
  computed.node("LSTM", {"x", "w", "r"}, "y");
  EXPECT_EQ(refusal(computed), "unsupported: weights W that are computed from data cannot be read");
  OnnxFile narrow_weights;
  narrow_weights.input("x", {3, 1, 4}).floats("w", {1, 8, 3}).floats("r", {1, 8, 2}).output("y");
  narrow_weights.node("LSTM", {"x", "w", "r"}, "y");
  EXPECT_EQ(refusal(narrow_weights), "bad_file: weights W have shape [1, 8, 3] instead of [1, 8, 4]");
}

TEST(Onnx, ShortFloatsAreComputedAsFloat32) {
  OnnxFile file;
  file.input("x", {0, 2}).output("z");
  file.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(10);
  auto& w = file.tensor("w", 10, {2, 1});
  for (int const bits : {0x3c00, 0xc000}) w.add_int32_data(bits);  // 1, -2
  file.node("MatMul", {"x", "w"}, "y");
  auto& to = *file.node("Cast", {"y"}, "z").add_attribute();
  to.set_name("to");
  to.set_i(1);
  auto const model = read(file);
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(types(*model), (std::vector<std::string>{"FULLY_CONNECTED"}));
  const Graph& graph = model->main();
  for (int const t : {graph.inputs[0], graph.ops[0].inputs[1], graph.outputs[0]})
    EXPECT_EQ(graph.tensor(t).dtype, DType::float32);
  ASSERT_EQ(model->notes.size(), 1U);
  EXPECT_NE(model->notes[0].find("'x' is float32"), std::string::npos);
}

TEST(Onnx, KeepsTheLayoutOfTheFile) {
  auto const model = read(OnnxFile::network(), {.keep_layout = true});
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(types(*model).front(), "TRANSPOSE");
  EXPECT_EQ(model->main().tensor(model->main().inputs[0]).shape.text(), "[1, 2, 6, 6]");
  EXPECT_TRUE(model->notes.empty());
}

TEST(Onnx, SizesThatTheFileMustBeGivenAreAskedFor) {
  OnnxFile file;
  file.input("image", {0, 0, 0, 0}).floats("w", {3, 2, 3, 3}).output("y");
  file.node("Conv", {"image", "w"}, "y");
  auto const model = read(file);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().remedy, "`shape` gives the sizes that the file leaves free of input 'image'");
  EXPECT_TRUE(read(file, {.shape = {{"image", {1, 2, 8, 8}}}}));
}

TEST(Onnx, FixesTheBatch) {
  auto const model = read(OnnxFile::network(), {.batch = 3});
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(model->main().tensor(model->main().outputs[0]).shape.text(), "[3, 4]");
}

TEST(Onnx, MovesTheColumnsOfADenseLayerWithItsImage) {
  auto const model = read(OnnxFile::network());
  ASSERT_TRUE(model) << model.error().what;
  const Graph& graph = model->main();
  auto const weights = graph.tensor(graph.ops.back().inputs[1]).values<float>();
  // Column 1 is channel 1 of the first pixel, which the file has in row 9 of 27.
  EXPECT_FLOAT_EQ(weights[1], 36.0F / 108.0F);
}

TEST(Onnx, FoldsShapesThatNodesCompute) {
  OnnxFile f;
  f.input("x", {0, 2, 3}).integers("zero", {0}).integers("rest", {-1});
  f.node("Shape", {"x"}, "shape");
  f.node("Gather", {"shape", "zero"}, "batch");
  f.node("Concat", {"batch", "rest"}, "to").add_attribute()->set_name("axis");
  f.node("Reshape", {"x", "to"}, "y");
  f.output("y");
  auto const model = read(f);
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(types(*model), (std::vector<std::string>{"RESHAPE"}));
  EXPECT_EQ(model->main().tensor(model->main().outputs[0]).shape_signature, (std::vector<int32_t>{-1, 6}));
}

TEST(Onnx, NamesWhatItCannotRead) {
  OnnxFile unknown;
  unknown.input("x", {1, 4});
  unknown.node("Strange", {"x"}, "y");
  EXPECT_EQ(refusal(unknown.output("y")), "unsupported: op Strange cannot be read");
  OnnxFile attribute;
  attribute.input("x", {1, 4});
  attribute.node("Relu", {"x"}, "y").add_attribute()->set_name("gain");
  EXPECT_EQ(refusal(attribute.output("y")), "unsupported: attribute 'gain' cannot be read");
  EXPECT_EQ(refusal(OnnxFile(3)).substr(0, 12), "unsupported:");
}

/// A loop whose body doubles a value; `most` steps, -1: without an end.
OnnxFile loop(int64_t most) {
  OnnxFile f;
  f.input("x", {1, 4});
  if (most >= 0) f.integers("most", {most});
  auto& node = f.node("Loop", {most >= 0 ? "most" : "", "", "x"}, "y");
  auto& body_of = *node.add_attribute();
  body_of.set_name("body");
  auto& body = *body_of.mutable_g();
  for (const char* name : {"step", "go_on", "v"}) body.add_input()->set_name(name);
  auto& add = *body.add_node();
  add.set_op_type("Add");
  add.add_input("v");
  add.add_input("v");
  add.add_output("w");
  body.add_output()->set_name("go_on");
  body.add_output()->set_name("w");
  f.output("y");
  return f;
}

TEST(Onnx, LoopsAreWrittenOut) {
  auto const model = read(loop(3));
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(types(*model), (std::vector<std::string>{"ADD", "ADD", "ADD"}));
}

TEST(Onnx, LoopsWithoutAnEndReachALimit) {
  EXPECT_EQ(refusal(loop(-1)).substr(0, 15), "limit_exceeded:");
  OnnxFile computed = loop(2);
  computed.graph().mutable_initializer()->Clear();
  computed.input("most", {1});
  EXPECT_NE(refusal(computed).find("numbers of steps"), std::string::npos) << refusal(computed);
}

TEST(Onnx, RefusesFilesThatLie) {
  OnnxFile cycle;
  cycle.input("x", {1, 4});
  cycle.node("Add", {"x", "b"}, "a");
  cycle.node("Relu", {"a"}, "b");
  EXPECT_EQ(refusal(cycle.output("b")).substr(0, 9), "bad_file:");
  OnnxFile large;
  large.input("x", {1, 4}).tensor("c", 1, {1 << 20, 1 << 20});
  large.node("Add", {"x", "c"}, "y");
  EXPECT_EQ(refusal(large.output("y")).substr(0, 15), "limit_exceeded:");
  OnnxFile few;
  few.input("x", {1, 4}).tensor("c", 1, {4}).set_raw_data("abc");
  few.node("Add", {"x", "c"}, "y");
  EXPECT_EQ(refusal(few.output("y")), "bad_file: the values of a constant are not as many as its shape [4] says");
  OnnxFile outside;
  outside.input("x", {1, 4}).tensor("c", 1, {4}).set_data_location(1);
  outside.node("Add", {"x", "c"}, "y");
  EXPECT_EQ(refusal(outside.output("y")), "unsupported: the values of a constant lie in another file");
}

TEST(Onnx, RefusesEveryBeginningOfAFile) {
  std::string const whole = OnnxFile::network().bytes();
  for (size_t n = 1; n + 1 < whole.size(); n += 7) {
    auto const model = read_model(SharedBytes::copy_of(std::span<const char>(whole.data(), n)), "cut");
    EXPECT_TRUE(model || model.error().kind != ErrorKind::internal) << n;
  }
}

TEST(Onnx, ListsItsOps) {
  OnnxFile f = OnnxFile::network();
  f.node("Strange", {"scores"}, "again");
  std::string const bytes = f.bytes();
  auto const ops = list_onnx_ops(SharedBytes::copy_of(std::span<const char>(bytes)), "m.onnx");
  ASSERT_TRUE(ops);
  ASSERT_EQ(ops->size(), 6U);
  EXPECT_EQ(ops->front().type, "Conv");
  EXPECT_EQ(ops->front().reason, "");
  EXPECT_NE(ops->back().reason, "");
}

}  // namespace
}  // namespace narrow
