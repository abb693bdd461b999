// Ops of constants, and shapes that become constant.
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "read/read.h"
#include "shared_models.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

TEST(Simplify, StoredIntegersStayUntilTheModelRuns) {
  Draft d;
  int const x = d.input(Shape::of({1, 2}));
  int const codes = d.constant<int8_t>(Shape::of({2, 2}), {1, 2, 3, 4}, DType::int8);
  d.graph().tensor(codes).quantization = Quantization::of(0.5f, 1);
  int const w = d.op(kDequantize, {}, {codes});
  d.graph().outputs = {d.op(kFullyConnected, FullyConnectedAttributes{}, {x, w})};
  EXPECT_EQ(op_types(*simplify(d.model())), (std::vector<std::string>{"DEQUANTIZE", "FULLY_CONNECTED"}));
  auto const folded = fold_constants(d.model());
  EXPECT_EQ(op_types(*folded), std::vector<std::string>{"FULLY_CONNECTED"});
  EXPECT_EQ(folded->main().tensors.size(), d.model().main().tensors.size());
  auto const values = folded->main().tensor(w).values<float>();
  EXPECT_EQ(std::vector(values.begin(), values.end()), (std::vector<float>{0, 0.5f, 1, 1.5f}));
}

TEST(Simplify, FoldingDoesNotBlowUpAModel) {
  Draft d;
  int const x = d.input(Shape::of({1}));
  int const paddings = d.constant<int32_t>(Shape::of({1, 2}), {0, 20 << 20}, DType::int32);
  int const padded = d.op_of_shape(kPad, {}, {d.floats(Shape::of({1}), {1}), paddings}, Shape::of({1 + (20 << 20)}));
  d.graph().outputs = {d.op_of_shape(kAdd, AddAttributes{}, {x, padded}, Shape::of({1 + (20 << 20)}))};
  EXPECT_EQ(op_types(*simplify(d.model())), (std::vector<std::string>{"PAD", "ADD"}));
}

TEST(Simplify, WhatReadingHasUnfoldedDoesNotUnfoldAgain) {
  Draft d;  // a constant of 4 MiB that a file of 1,000 bytes said in short, made six times as large by PADs
  int32_t const length = 1 << 20;
  int const x = d.input(Shape::of({1}));
  int const whole = d.constant<float>(Shape::of({length}), std::vector<float>(1 << 20, 1.0f), DType::float32);
  int const paddings = d.constant<int32_t>(Shape::of({1, 2}), {0, length}, DType::int32);
  int y = x;
  for (int i = 0; i < 6; ++i) {
    int const padded = d.op_of_shape(kPad, {}, {whole, paddings}, Shape::of({2 * length}));
    y = d.op_of_shape(kAdd, AddAttributes{}, {y, padded}, Shape::of({2 * length}));
  }
  d.graph().outputs = {y};
  Model large = d.model();
  large.file_bytes = 4 << 20;
  EXPECT_EQ(op_types(*simplify(large)).size(), 6u);
  Model small = d.model();
  small.file_bytes = 1000;
  EXPECT_GT(op_types(*simplify(small)).size(), 6u);  // a pass folds 16 MiB of any file: two of the six
}

TEST(Simplify, AShapeThatContradictsTheModelIsNamed) {
  Draft d;
  int const x = d.input(Shape::of({2, 3}));
  int const shape = d.op(kShape, ShapeAttributes{}, {x}, DType::int32);
  d.graph().outputs = {d.op_of_shape(kReshape, ReshapeAttributes{}, {x, shape}, Shape::of({6}))};
  ASSERT_TRUE(validate(d.model()).has_value());
  auto const simple = simplify(d.model());
  ASSERT_FALSE(simple.has_value());
  EXPECT_EQ(simple.error().kind, ErrorKind::bad_file);
  EXPECT_NE(simple.error().where.find("op 1 (RESHAPE)"), std::string::npos) << simple.error().where;
}

TEST(Simplify, ComputedShapesBecomeConstantAndStayFree) {
  std::string const path = shared_folder() + "/data/models/seed_cnn/float.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no shared data";
  auto const model = read_model(path);
  ASSERT_TRUE(model.has_value()) << model.error().what;
  auto const simple = simplify(*model);
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  for (const Op& op : simple->main().ops) {
    EXPECT_TRUE(op.type != "SHAPE" && op.type != "STRIDED_SLICE" && op.type != "PACK") << op.type;
    if (op.def != &kReshape) continue;
    auto const dims = simple->main().tensor(op.inputs[1]).values<int32_t>();
    EXPECT_EQ(std::vector(dims.begin(), dims.end()), (std::vector<int32_t>{-1, 1024}));
  }
  expect_same(*model, *simple, true, "simplify");
  expect_same(*model, *fold_constants(*model), true, "fold_constants");
}

}  // namespace
}  // namespace narrow
