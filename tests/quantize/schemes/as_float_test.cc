// The float model behind an integer one.
#include "quantize/schemes/as_float.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/build/graph_builder.h"
#include "ops/layers/layers.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

TensorSpec int8(const char* name, const Shape& shape, float scale, int64_t zero_point) {
  return {.dtype = DType::int8, .shape = shape, .name = name, .quantization = Quantization::of(scale, zero_point)};
}

/// A dense layer without an activation.
Model dense(int64_t out_zero_point) {
  GraphBuilder b;
  int const x = b.input(int8("x", Shape::of({1, 2}), 0.5f, 3));
  int const w = b.constant(int8("w", Shape::of({2, 2}), 0.25f, 0), std::vector<int8_t>{4, -8, 127, 0});
  int const y = b.tensor(int8("y", Shape::of({1, 2}), 0.5f, out_zero_point));
  b.op(kFullyConnected, FullyConnectedAttributes{}, {x, w, kNoTensor}, {y});
  b.outputs({y});
  return b.model();
}

Activation activation(const Result<FloatModel>& made) {
  return made->model.graphs[0].ops[0].attributes.get<FullyConnectedAttributes>().activation;
}

TEST(AsFloat, ValuesAndRangesAreThoseOfTheIntegers) {
  auto const made = as_float(dense(-128));
  ASSERT_TRUE(made) << made.error().what;
  const Graph& graph = made->model.graphs[0];
  for (const Tensor& t : graph.tensors) EXPECT_EQ(t.dtype, DType::float32) << t.name;
  auto const w = graph.tensor(1).values<float>();
  EXPECT_THAT(std::vector<float>(w.begin(), w.end()), testing::ElementsAre(1.0f, -2.0f, 31.75f, 0.0f));
  EXPECT_EQ(made->ranges.at({0, 0}), (Range{-65.5f, 62.0f}));
  EXPECT_EQ(made->ranges.at({0, 2}), (Range{0.0f, 127.5f}));
}

TEST(AsFloat, ResultsThatBeginAtZeroStayThere) {
  EXPECT_EQ(activation(as_float(dense(-128))), Activation::relu);
  EXPECT_EQ(activation(as_float(dense(-127))), Activation::none);
}

TEST(AsFloat, PoolsNeedNoActivation) {
  GraphBuilder b;
  int const x = b.input(int8("x", Shape::of({1, 2, 2, 1}), 0.5f, -128));
  int const y = b.tensor(int8("y", Shape::of({1, 1, 1, 1}), 0.5f, -128));
  b.op(kMaxPool2d, Pool2dAttributes{.filter_h = 2, .filter_w = 2}, {x}, {y});
  auto const made = as_float(b.model());
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->model.graphs[0].ops[0].attributes.get<Pool2dAttributes>().activation, Activation::none);
}

TEST(AsFloat, NamesWhatHasNoFloatForm) {
  Model model = dense(0);
  model.graphs[0].ops[0].def = nullptr;
  model.graphs[0].ops[0].type = "STRANGE";
  auto const made = as_float(model);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("STRANGE has no counterpart"), std::string::npos);
  EXPECT_NE(made.error().where.find("op 0"), std::string::npos);
}

}  // namespace
}  // namespace narrow
