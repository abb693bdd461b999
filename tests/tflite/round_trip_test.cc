#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
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

TEST(TfliteRoundTrip, CarriesWhatNarrowHasNoMeaningFor) {
  SmallFile small;
  small.add_foreign_parts();
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
