// Forms of stored values that are replaced before anything computes with them.
#include "simplify/plain_forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/unpacked.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "ops/check/validate.h"
#include "ops/conversions/conversions.h"
#include "ops/layers/layers.h"
#include "ops/windows/windows.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

template <class T>
std::vector<int> integers(const Tensor& t) {
  auto const v = t.values<T>();
  return {v.begin(), v.end()};
}

Tensor stored_in(DType dtype, std::vector<uint8_t> bytes, int count) {
  Tensor t;
  t.dtype = dtype;
  t.shape = Shape::of({count});
  t.constant = true;
  t.data = SharedBytes::copy_of(std::span<const uint8_t>(bytes));
  return t;
}

TEST(Unpacked, LowestBitsComeFirst) {
  EXPECT_THAT(integers<int8_t>(unpacked(stored_in(DType::int4, {0x8F, 0x07}, 3))), ElementsAre(-1, -8, 7));
  EXPECT_THAT(integers<int8_t>(unpacked(stored_in(DType::uint4, {0x8F, 0x07}, 3))), ElementsAre(15, 8, 7));
  EXPECT_THAT(integers<int8_t>(unpacked(stored_in(DType::int2, {0b11100100, 0b01}, 5))), ElementsAre(0, 1, -2, -1, 1));
}

TEST(Packed, IsWhatWasUnpacked) {
  for (int count : {3, 4}) {
    Tensor const held = unpacked(stored_in(DType::int4, {0x8F, static_cast<uint8_t>(count == 4 ? 0xE7 : 0x07)}, count));
    EXPECT_TRUE(held.four_bits);
    Tensor const again = packed(held);
    EXPECT_EQ(again.dtype, DType::int4);
    EXPECT_FALSE(again.four_bits);
    EXPECT_THAT(integers<uint8_t>(again), ElementsAre(0x8F, count == 4 ? 0xE7 : 0x07));
  }
}

TEST(Packed, StaysInt8WhereAnElementHasMoreBits) {
  Tensor held = unpacked(stored_in(DType::int4, {0x8F}, 2));
  held.data = SharedBytes::copy_of(std::span<const int8_t>(std::array<int8_t, 2>{8, 0}));
  Tensor const again = packed(held);
  EXPECT_EQ(again.dtype, DType::int8);
  EXPECT_FALSE(again.four_bits);
  EXPECT_EQ(unpacked(stored_in(DType::int2, {0x1B}, 4)).four_bits, false);
}

TensorSpec stored(DType dtype, const Shape& shape, const char* name, int64_t zero_point) {
  return {.dtype = dtype, .shape = shape, .name = name, .quantization = Quantization::of(0.5f, zero_point)};
}

Model unsigned_dense() {
  GraphBuilder b;
  int const x = b.input(stored(DType::uint8, Shape::of({1, 2}), "x", 100));
  int const w = b.constant(stored(DType::uint8, Shape::of({2, 2}), "w", 128), std::vector<uint8_t>{128, 1, 255, 130});
  int const y = b.tensor(stored(DType::uint8, Shape::of({1, 2}), "y", 7));
  b.op(kFullyConnected, FullyConnectedAttributes{}, {x, w, kNoTensor}, {y});
  b.outputs({y});
  return b.model();
}

TEST(PlainForms, UnsignedIntegersMoveBy128AndBordersStay) {
  auto const plain = in_plain_forms(unsigned_dense());
  ASSERT_TRUE(plain) << plain.error().what;
  EXPECT_THAT(plain->changes, SizeIs(1));
  const Graph& g = plain->model.main();
  EXPECT_TRUE(validate(plain->model));
  ASSERT_EQ(g.ops.size(), 3u);
  EXPECT_EQ(g.ops[0].def, &kQuantize);
  EXPECT_EQ(g.ops[2].def, &kQuantize);
  EXPECT_EQ(g.tensor(g.inputs[0]).dtype, DType::uint8);
  EXPECT_EQ(g.tensor(g.inputs[0]).name, "x");
  EXPECT_EQ(g.tensor(g.outputs[0]).dtype, DType::uint8);
  EXPECT_EQ(g.tensor(g.outputs[0]).name, "y");
  const Op& layer = g.ops[1];
  EXPECT_EQ(g.tensor(layer.inputs[0]).quantization, Quantization::of(0.5f, -28));
  EXPECT_EQ(g.tensor(layer.inputs[1]).quantization, Quantization::of(0.5f, 0));
  EXPECT_THAT(integers<int8_t>(g.tensor(layer.inputs[1])), ElementsAre(0, -127, 127, 2));
}

TEST(PlainForms, OtherModelsStay) {
  GraphBuilder b;
  int const x = b.input(stored(DType::uint8, Shape::of({1, 2}), "x", 100));
  int const y = b.tensor(stored(DType::int8, Shape::of({1, 2}), "y", -28));
  b.op(kQuantize, {}, {x}, {y});
  b.outputs({y});
  auto const plain = in_plain_forms(b.model());
  ASSERT_TRUE(plain);
  EXPECT_THAT(plain->changes, IsEmpty());
  EXPECT_EQ(plain->model.main().ops.size(), 1u);
}

Model convolution(const std::vector<int8_t>& weights, int64_t zero_point) {
  GraphBuilder b;
  int const x = b.input(stored(DType::int8, Shape::of({1, 1, 1, 2}), "x", 3));
  int const w = b.constant(stored(DType::int8, Shape::of({1, 1, 1, 2}), "w", zero_point), weights);
  int const y = b.tensor(stored(DType::int8, Shape::of({1, 1, 1, 1}), "y", 0));
  b.op(kConv2d, Conv2dAttributes{}, {x, w, kNoTensor}, {y});
  b.outputs({y});
  return b.model();
}

TEST(PlainForms, WeightsLoseZeroPointsThatKernelsDoNotKnow) {
  auto const narrow = in_plain_forms(convolution({-100, 20}, 10));
  ASSERT_TRUE(narrow);
  const Graph& n = narrow->model.main();
  EXPECT_THAT(integers<int8_t>(n.tensor(n.ops[0].inputs[1])), ElementsAre(-110, 10));
  EXPECT_FALSE(n.ops[0].arithmetic);

  auto const wide = in_plain_forms(convolution({-120, 20}, 10));
  ASSERT_TRUE(wide);
  const Graph& g = wide->model.main();
  EXPECT_EQ(g.tensor(g.ops[0].inputs[1]).quantization, Quantization::of(0.5f, 0));
  EXPECT_THAT(integers<int16_t>(g.tensor(g.ops[0].inputs[1])), ElementsAre(-130, 10));
  EXPECT_EQ(g.ops[0].arithmetic, Arithmetic{});
}

TEST(PlainForms, MeansOfEvenWindowsRoundUp) {
  EXPECT_EQ(unsigned_average_rounding({.padding = Padding::valid, .filter_h = 7, .filter_w = 7}), std::nullopt);
  EXPECT_EQ(unsigned_average_rounding({.padding = Padding::same, .filter_h = 3, .filter_w = 3}), RoundingRule::half_up);
  EXPECT_EQ(unsigned_average_rounding({.padding = Padding::valid, .filter_h = 2, .filter_w = 1}),
            RoundingRule::half_up);
}

TEST(ReplaceNegation, OfFloatsBecomesAProduct) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({3}), .name = "x"});
  int const y = b.tensor({.shape = Shape::of({3}), .name = "y"});
  b.op(*find_op("NEG"), {}, {x}, {y});
  b.outputs({y});
  auto const done = replace_negation(b.model());
  ASSERT_TRUE(done);
  const Graph& g = done->main();
  ASSERT_EQ(g.ops.size(), 1u);
  EXPECT_EQ(g.ops[0].def, &kMul);
  EXPECT_EQ(g.tensor(g.ops[0].inputs[1]).values<float>()[0], -1.0f);
  EXPECT_TRUE(validate(*done));
}

}  // namespace
}  // namespace narrow
