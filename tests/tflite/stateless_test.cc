#include "tflite/stateless.h"

#include <gtest/gtest.h>

#include "ops/build/graph_builder.h"
#include "ops/recurrent/recurrent.h"
#include "read/read.h"
#include "same_model.h"
#include "tflite/format.h"
#include "tflite/write.h"

namespace narrow {
namespace {

/// A layer of two units without gates and without state, as another program may write it: the first `operands` of its
/// operands listed, the state left out, and no metadata.
Bytes file_without_state(size_t operands) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 3}), .name = "x"});
  int const weights = b.constant({.shape = Shape::of({2, 3})}, std::vector<float>(6, 0.5F));
  int const again = b.constant({.shape = Shape::of({2, 2})}, std::vector<float>(4, 0.25F));
  int const bias = b.constant({.shape = Shape::of({2})}, std::vector<float>(2, 0.125F));
  auto const y = b.infer_op(kRnn, RnnAttributes{}, {x, weights, again, bias}, {.name = "y"});
  b.outputs({y.value()});
  auto const model = b.finish();
  Bytes const whole = *write_tflite(model.value());

  format::ModelT tables;
  format::GetModel(whole.data())->UnPackTo(&tables);
  std::vector<int32_t>& inputs = tables.subgraphs[0]->operators[0]->inputs;
  inputs.resize(operands);
  if (operands == 5) inputs[4] = -1;
  tables.metadata.clear();
  flatbuffers::FlatBufferBuilder fbb;
  format::FinishModelBuffer(fbb, format::Model::Pack(fbb, &tables));
  auto const bytes = std::as_bytes(fbb.GetBufferSpan());
  return Bytes(bytes.begin(), bytes.end());
}

TEST(Stateless, AnOpWithoutItsStateComesBackAsItWas) {
  for (size_t const operands : {4U, 5U}) {
    auto const model = read_model(SharedBytes(file_without_state(operands)), "file");
    ASSERT_TRUE(model) << model.error().what;
    EXPECT_EQ(model->main().ops[0].inputs.back(), kNoTensor);
    auto const written = write_tflite(*model);
    ASSERT_TRUE(written) << written.error().what;
    auto const again = read_model(SharedBytes(*written), "again");
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(difference(*model, *again), "") << operands;
    EXPECT_EQ(*write_tflite(*again), *written) << operands;
  }
}

TEST(Stateless, OperandsThatAreMissingBesidesStayMissing) {
  auto const model = read_model(SharedBytes(file_without_state(2)), "file");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, ErrorKind::bad_file);
}

}  // namespace
}  // namespace narrow
