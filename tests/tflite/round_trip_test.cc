#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "one_op.h"
#include "ops/activations/tabulated.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/control/control.h"
#include "ops/layout/layout.h"
#include "same_model.h"
#include "shared_models.h"
#include "small_file.h"
#include "tflite/read.h"
#include "tflite/write.h"

namespace narrow {
namespace {

TEST(TfliteRoundTrip, KeepsEveryModelOfTheSharedData) {
  std::vector<std::string> const paths = shared_models();
  if (paths.empty()) GTEST_SKIP() << "no shared data";
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    auto file = read_file(path);
    ASSERT_TRUE(file);
    auto model = read_tflite(*file, path);
    ASSERT_TRUE(model) << model.error().what << " " << model.error().where;
    auto written = write_tflite(*model);
    ASSERT_TRUE(written) << written.error().what;
    EXPECT_LE(written->size(), file->size());
    auto again = read_tflite(SharedBytes(*written), path);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(difference(*model, *again), "");
    EXPECT_EQ(*write_tflite(*again), *written);
  }
}

/// The file after reading and writing, as native tables.
format::ModelT rewritten(const SmallFile& file) {
  auto model = read_tflite(SharedBytes(file.bytes()), "small");
  EXPECT_TRUE(model) << model.error().what;
  auto written = write_tflite(*model);
  EXPECT_TRUE(written) << written.error().what;
  format::ModelT out;
  format::GetModel(written->data())->UnPackTo(&out);
  return out;
}

TEST(TfliteRoundTrip, CompositesKeepWhatRuntimesKnowThemBy) {
  SmallFile small;
  format::SubGraphT& g = small.graph();
  format::StableHLOCompositeOptionsT composite;
  composite.name = "odml.norm";
  composite.version = 3;
  composite.composite_attributes = {1, 2, 3};
  composite.decomposition_subgraph_index = 2;
  int const y = SmallFile::add_tensor(g, "composed", {1, 8});
  small.add_op(g, format::BuiltinOperator::STABLEHLO_COMPOSITE, {kSum}, {y}).builtin_options_2.Set(composite);
  g.outputs.push_back(y);
  auto model = read_tflite(SharedBytes(small.bytes()), "small");
  ASSERT_TRUE(model);
  Op& op = model->main().ops.back();
  EXPECT_EQ(op.def, &kStablehloComposite);
  EXPECT_EQ(op.graphs, std::vector<int>{2});
  op.graphs = {1};  // as passes do that drop graphs
  auto const written = write_tflite(*model);
  ASSERT_TRUE(written) << written.error().what;
  format::ModelT m;
  format::GetModel(written->data())->UnPackTo(&m);
  auto const* const kept = m.subgraphs[0]->operators.back()->builtin_options_2.AsStableHLOCompositeOptions();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->decomposition_subgraph_index, 1);
  EXPECT_EQ(kept->name, composite.name);
  EXPECT_EQ(kept->version, composite.version);
  EXPECT_EQ(kept->composite_attributes, composite.composite_attributes);
}

TEST(TfliteRoundTrip, CarriesWhatNarrowHasNoMeaningFor) {
  SmallFile small;
  small.add_passthrough_parts();
  format::ModelT const m = rewritten(small);
  const format::SubGraphT& g = *m.subgraphs[0];
  ASSERT_EQ(g.tensors.size(), small.graph().tensors.size());
  EXPECT_EQ(g.debug_metadata_index, 4);
  auto tensor = [&](const std::string& name) {
    return std::ranges::find_if(g.tensors, [&](const auto& t) { return t->name == name; })->get();
  };
  ASSERT_TRUE(tensor("sparse")->sparsity);
  auto const& rows = *tensor("sparse")->sparsity->dim_metadata[1];
  EXPECT_EQ(rows.array_indices.AsUint8Vector()->values, (std::vector<uint8_t>{2, 0, 3}));
  ASSERT_TRUE(tensor("blocks")->quantization);
  auto const* details = tensor("blocks")->quantization->details.AsBlockwiseQuantization();
  ASSERT_TRUE(details);
  EXPECT_EQ(g.tensors[static_cast<size_t>(details->scales)]->name, "addend");
  EXPECT_EQ(tensor("far")->external_buffer, 1U);
  const format::OperatorT& slice = *g.operators.back();
  EXPECT_EQ(slice.builtin_options_2.AsStablehloSliceOptions()->limit_indices, (std::vector<int64_t>{1, 4}));
  EXPECT_EQ(slice.mutating_variable_inputs, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(slice.debug_metadata_index, 9);
  EXPECT_EQ(g.operators[kCustomOp]->custom_options, (std::vector<uint8_t>{1, 2, 3}));
  EXPECT_EQ(g.operators[kIfOp]->builtin_options.AsIfOptions()->else_subgraph_index, 2);
  EXPECT_EQ(m.external_buffer_groups[0]->name, "weights.bin");
  EXPECT_EQ(m.external_buffers[0]->length, 32U);
  EXPECT_EQ(m.signature_defs[0]->deprecated_tag, "serve");
  ASSERT_EQ(m.metadata_buffer.size(), 1U);
  EXPECT_EQ(static_cast<uint32_t>(m.metadata_buffer[0]), m.metadata[0]->buffer);
}

TEST(TfliteRoundTrip, EqualConstantsShareABuffer) {
  SmallFile small;
  small.set(kWeights, std::vector<int8_t>(32, 5));
  small.tensor(kAddend).shape = {8};
  small.model.metadata[0]->buffer = small.buffer(std::vector<int8_t>(32, 5));
  format::ModelT const m = rewritten(small);
  EXPECT_EQ(m.subgraphs[0]->tensors[kWeights]->buffer, m.metadata[0]->buffer);
}

TEST(TfliteRoundTrip, LeavesOutWhatNothingUses) {
  SmallFile small;
  SmallFile::add_tensor(small.graph(), "unused", {100}, format::TensorType::FLOAT32,
                        small.buffer(std::vector<float>(100, 1)));
  format::ModelT const m = rewritten(small);
  EXPECT_EQ(m.subgraphs[0]->tensors.size(), small.graph().tensors.size() - 1);
  for (auto const& b : m.buffers) EXPECT_LT(b->data.size(), 400U);
}

TEST(TfliteRoundTrip, NotesTheRuntimeThatTheOpsNeed) {
  SmallFile small;
  small.code(kFullOp).version = 7;
  format::ModelT const m = rewritten(small);
  auto const& entry = *m.metadata.back();
  EXPECT_EQ(entry.name, "min_runtime_version");
  auto const& data = m.buffers[entry.buffer]->data;
  EXPECT_EQ(std::string(data.begin(), data.end()), std::string("2.3.0") + std::string(11, '\0'));
}

/// `model` after writing and reading.
Model written_and_read(const Model& model) {
  auto file = write_tflite(model);
  EXPECT_TRUE(file) << file.error().what;
  auto again = read_tflite(SharedBytes(*file), "small");
  EXPECT_TRUE(again) << again.error().what;
  EXPECT_EQ(difference(model, *again), "");
  return *again;
}

TEST(TfliteRoundTrip, ScalarsKeepThatTheyAreScalars) {
  OneOp op(kAdd, AddAttributes{});
  op.input<float>(Shape()).constant<float>(Shape(), {2.5f}).result<float>();
  const Graph& g = written_and_read(op.model()).main();
  for (const Tensor& t : g.tensors) {
    EXPECT_EQ(t.shape.rank(), 0);
    EXPECT_FALSE(t.unranked);
  }
  format::ModelT m;
  format::GetModel(write_tflite(op.model())->data())->UnPackTo(&m);
  for (const auto& t : m.subgraphs[0]->tensors) EXPECT_TRUE(t->has_rank) << t->name;
}

TEST(TfliteRoundTrip, TensorsWithoutARankKeepThatTheyHaveNone) {
  OneOp op(kAdd, AddAttributes{});
  op.input<float>(Shape()).input<float>(Shape::of({3})).result<float>();
  Model m = op.model();
  m.main().tensors[0].unranked = true;
  const Model again = written_and_read(m);
  EXPECT_TRUE(again.main().tensor(again.main().inputs[0]).unranked);
  EXPECT_FALSE(again.main().tensor(again.main().inputs[1]).unranked);
}

TEST(TfliteRoundTrip, EmptyConstantsStayConstants) {
  OneOp op(kReshape, ReshapeAttributes{});
  op.input<float>(Shape::of({1, 1})).constant<int32_t>(Shape::of({0}), {}).result<float>();
  EXPECT_EQ(op.output_shape().rank(), 0);
  const Model again = written_and_read(op.model());
  const Tensor& empty = again.main().tensor(again.main().ops[0].inputs[1]);
  EXPECT_TRUE(empty.constant);
  EXPECT_EQ(empty.elements(), 0);
}

TEST(TfliteRoundTrip, VariablesStayVariables) {
  OneOp op(kAdd, AddAttributes{});
  op.input<float>(Shape::of({3})).input<float>(Shape::of({3})).result<float>();
  Model m = op.model();
  m.main().tensors[1].variable = true;
  m.main().inputs.pop_back();
  const Model again = written_and_read(m);
  EXPECT_TRUE(again.main().tensor(again.main().ops[0].inputs[1]).variable);
  EXPECT_FALSE(again.main().tensor(again.main().ops[0].inputs[0]).variable);
}

TEST(TfliteRoundTrip, ScalesAndFreeDimensionsAreKept) {
  OneOp op(kAdd, AddAttributes{});
  op.input<int8_t>(Shape::of({1, 3}), Quantization::of(0.1f, -7));
  op.constant<int8_t>(Shape::of({2, 3}), {1, 2, 3, 4, 5, 6}, {{1, 2, 3}, {4, 5, 6}, 1});
  op.result<int8_t>(Quantization::of(0.3f, 9));
  Model m = op.model();
  m.main().tensors[0].shape_signature = {-1, 3};
  const Model again = written_and_read(m);
  EXPECT_EQ(again.main().tensor(again.main().inputs[0]).shape_signature, (std::vector<int32_t>{-1, 3}));
  EXPECT_EQ(again.main().tensor(again.main().ops[0].inputs[1]).quantization.axis, 1);
}

TEST(TfliteRoundTrip, AZeroPointForAllScalesIsWrittenForEach) {
  OneOp op(kAdd, AddAttributes{});
  op.input<int8_t>(Shape::of({3}), Quantization::of(0.1f, -7));
  op.constant<int8_t>(Shape::of({3}), {1, 2, 3}, {{1, 2, 3}, {5}, 0}).result<int8_t>(Quantization::of(0.3f, 9));
  auto const again = read_tflite(SharedBytes(*write_tflite(op.model())), "small");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->main().tensor(again->main().ops[0].inputs[1]).quantization.zero_points,
            (std::vector<int64_t>{5, 5, 5}));
}

TEST(TfliteRoundTrip, AZeroPointForAllScalesIsReadForEach) {
  SmallFile small;
  small.tensor(kWeights).quantization->zero_point = {3};
  auto const model = read_tflite(SharedBytes(small.bytes()), "small");
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(model->main().tensor(kWeights).quantization.zero_points, (std::vector<int64_t>{3, 3, 3, 3}));
}

TEST(TfliteRoundTrip, EqualScalesAlongDifferentDimensionsStayApart) {
  OneOp op(kAdd, AddAttributes{});
  std::vector<int8_t> const values{1, 2, 3, 4};
  op.constant(Shape::of({2, 2}), values, {{1, 2}, {0, 0}, 0}).constant(Shape::of({2, 2}), values, {{1, 2}, {0, 0}, 1});
  op.result<int8_t>(Quantization::of(0.3f, 9));
  written_and_read(op.model());
}

/// The row of the op in the written file's table of codes.
format::OperatorCodeT code_of(const OneOp& op, int version = 1) {
  Model m = op.model();
  m.main().ops[0].version = version;
  format::ModelT out;
  format::GetModel(write_tflite(m)->data())->UnPackTo(&out);
  return *out.operator_codes.at(0);
}

TEST(TfliteRoundTrip, OldCodesAreWrittenBesideNew) {
  OneOp add(kAdd, AddAttributes{}), gelu(kGelu, GeluAttributes{}), tile(kBroadcastTo, {});
  add.input<float>(Shape::of({3})).input<float>(Shape::of({3})).result<float>();
  gelu.input<float>(Shape::of({3})).result<float>();
  tile.input<float>(Shape::of({3})).constant<int32_t>(Shape::of({1}), {3}).result<float>();
  EXPECT_EQ(code_of(add, 4).builtin_code, format::BuiltinOperator::ADD);
  EXPECT_EQ(code_of(add, 4).deprecated_builtin_code, 0);
  EXPECT_EQ(code_of(add, 4).version, 4);
  EXPECT_EQ(code_of(gelu).builtin_code, format::BuiltinOperator::GELU);
  EXPECT_EQ(code_of(gelu).deprecated_builtin_code, 127);
  EXPECT_EQ(code_of(tile).builtin_code, format::BuiltinOperator::BROADCAST_TO);
  EXPECT_EQ(code_of(tile).deprecated_builtin_code, 127);
}

TEST(TfliteRoundTrip, FilesWithOldCodesAloneAreRead) {
  SmallFile small;
  for (auto const& code : small.model.operator_codes)
    if (code->deprecated_builtin_code < 127) code->builtin_code = format::BuiltinOperator::ADD;  // 0, as if left out
  auto const model = read_tflite(SharedBytes(small.bytes()), "small");
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(model->main().ops[kFullOp].type, "FULLY_CONNECTED");
  EXPECT_EQ(model->main().ops[kAddOp].type, "ADD");
}

TEST(TfliteRoundTrip, OpsOfOneCodeAndVersionShareARow) {
  SmallFile small;
  format::ModelT const m = rewritten(small);
  std::set<std::pair<int, int>> rows;
  for (auto const& code : m.operator_codes)
    EXPECT_TRUE(rows.emplace(static_cast<int>(code->builtin_code), code->version).second);
  EXPECT_EQ(m.operator_codes.at(m.subgraphs[0]->operators[kCustomOp]->opcode_index)->custom_code,
            small.code(kCustomOp).custom_code);
}

/// A file of one tensor whose zero points lie behind 8 + `filler` numbers of 4 bytes.
Bytes with_zero_points_behind(int filler) {
  flatbuffers::FlatBufferBuilder b;
  std::vector<int32_t> const numbers(static_cast<size_t>(8 + filler), 0);
  auto const scales = b.CreateVector(std::vector<float>(2, 1));
  auto const zero_points = b.CreateVector(std::vector<int32_t>{0, 0});  // a length, and too little behind it
  auto const q = format::CreateQuantizationParameters(b, 0, 0, scales, zero_points.o);
  auto const end = b.CreateVector(numbers);
  auto const shape = b.CreateVector(std::vector<int32_t>{2});
  auto const t = format::CreateTensor(b, shape, format::TensorType::INT8, 0, 0, q);
  auto const graph = format::CreateSubGraph(b, b.CreateVector(std::vector{t}), end, end);
  format::FinishModelBuffer(b, format::CreateModel(b, 3, 0, b.CreateVector(std::vector{graph})));
  auto const* p = reinterpret_cast<const std::byte*>(b.GetBufferPointer());
  return Bytes(p, p + b.GetSize());
}

TEST(TfliteRoundTrip, RefusesNumbersThatAreNotAligned) {
  int refused = 0;
  for (int filler : {0, 1}) {
    auto const model = read_tflite(SharedBytes(with_zero_points_behind(filler)), "small");
    refused += !model && model.error().what == "its zero points are not aligned";
  }
  EXPECT_EQ(refused, 1);
}

TEST(TfliteRoundTrip, CopiesConstantsThatAreNotAligned) {
  flatbuffers::FlatBufferBuilder b;
  for (int filler : {0, 1}) {
    b.Clear();
    std::vector<int64_t> const values{5, -6};
    auto const data = b.CreateVector(reinterpret_cast<const uint8_t*>(values.data()), 16);
    b.CreateVector(std::vector<int32_t>(static_cast<size_t>(filler) + 1, 0));
    auto const buffers = b.CreateVector(std::vector{format::CreateBuffer(b), format::CreateBuffer(b, data)});
    auto const t = format::CreateTensor(b, b.CreateVector(std::vector<int32_t>{2}), format::TensorType::INT64, 1);
    auto const graph = format::CreateSubGraph(b, b.CreateVector(std::vector{t}));
    format::FinishModelBuffer(b, format::CreateModel(b, 3, 0, b.CreateVector(std::vector{graph}), 0, buffers));
    auto const* p = reinterpret_cast<const std::byte*>(b.GetBufferPointer());
    auto const model = read_tflite(SharedBytes(Bytes(p, p + b.GetSize())), "small");
    ASSERT_TRUE(model) << model.error().what;
    std::span<const int64_t> const read = model->main().tensor(0).values<int64_t>();
    EXPECT_EQ(reinterpret_cast<uintptr_t>(read.data()) % alignof(int64_t), 0U);
    EXPECT_TRUE(std::ranges::equal(read, values));
  }
}

TEST(TfliteRoundTrip, ConstantsAreViewsIntoTheFile) {
  std::vector<std::string> const paths = shared_models();
  if (paths.empty()) GTEST_SKIP() << "no shared data";
  auto file = read_file(paths.front());
  ASSERT_TRUE(file);
  auto model = read_tflite(*file, paths.front());
  ASSERT_TRUE(model);
  for (const Tensor& t : model->main().tensors)
    if (t.constant && !t.data.empty()) {
      EXPECT_GE(t.data.data(), file->data());
      EXPECT_LT(t.data.data(), file->data() + file->size());
    }
}

}  // namespace
}  // namespace narrow
