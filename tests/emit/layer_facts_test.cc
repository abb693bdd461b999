// The numbers that headers state of layers and pools: sizes, padding at each side, bounds of activations, shifts.
#include "emit/header/layer_facts.h"

#include <gmock/gmock.h>

#include <cstring>
#include <map>

#include "one_op.h"
#include "ops/layers/layers.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

using Numbers = std::map<std::string, std::string>;
using testing::Contains;
using testing::IsSupersetOf;
using testing::Key;
using testing::Not;

OpFacts facts_of(const OneOp& op) {
  const Graph& graph = op.model().main();
  return op_facts({graph, graph.ops[0]});
}

Numbers numbers_of(const OneOp& op) {
  Numbers out;
  for (const FactNumber& n : facts_of(op).numbers) EXPECT_TRUE(out.emplace(n.key, n.value).second) << n.key;
  return out;
}

/// The values of a list of 8-, 16- or 32-bit integers.
std::vector<int32_t> integers_of(const FactList& list) {
  std::vector<int32_t> out;
  size_t const bytes = element_bytes(list.dtype);
  for (size_t at = 0; at + bytes <= list.values.size(); at += bytes) {
    if (list.dtype == DType::int8)
      out.push_back(static_cast<int8_t>(list.values[at]));
    else if (list.dtype == DType::uint8)
      out.push_back(static_cast<uint8_t>(list.values[at]));
    else if (list.dtype == DType::int32)
      std::memcpy(&out.emplace_back(), &list.values[at], bytes);
    else
      ADD_FAILURE() << "a list of " << to_string(list.dtype);
  }
  return out;
}

std::vector<float> zeros(const Shape& shape) {
  return std::vector<float>(static_cast<size_t>(shape.elements()), 0);
}

/// A window of 3 x 5 with strides 2 and 3 over an image of 6 x 11: no two sides have the same padding but one pair.
const Shape kImage = Shape::of({1, 6, 11, 2});
const Numbers kWindow{{"IN_H", "6"},      {"IN_W", "11"},    {"IN_C", "2"},    {"FILTER_H", "3"}, {"FILTER_W", "5"},
                      {"STRIDE_H", "2"},  {"STRIDE_W", "3"}, {"PAD_TOP", "0"}, {"PAD_LEFT", "1"}, {"PAD_BOTTOM", "1"},
                      {"PAD_RIGHT", "2"}, {"OUT_H", "3"},    {"OUT_W", "4"}};

Pool2dAttributes pool(Activation activation) {
  return {
      .padding = Padding::same, .stride_h = 2, .stride_w = 3, .filter_h = 3, .filter_w = 5, .activation = activation};
}

TEST(LayerFacts, PoolsHaveTheirWindowAndActivation) {
  Quantization const q = Quantization::of(0.05f, -28);
  for (const OpDef* def : {&kMaxPool2d, &kAveragePool2d}) {
    SCOPED_TRACE(def->name);
    auto integer = [&](Activation a) {
      return numbers_of(OneOp(*def, pool(a)).input<int8_t>(kImage, q).result<int8_t>(q));
    };
    auto real = [&](Activation a) { return numbers_of(OneOp(*def, pool(a)).input<float>(kImage).result<float>()); };
    EXPECT_THAT(integer(Activation::none), IsSupersetOf(kWindow));
    EXPECT_THAT(integer(Activation::none), IsSupersetOf(Numbers{{"OUT_MIN", "-128"}, {"OUT_MAX", "127"}}));
    EXPECT_THAT(integer(Activation::relu6), IsSupersetOf(Numbers{{"OUT_MIN", "-28"}, {"OUT_MAX", "92"}}));
    EXPECT_THAT(real(Activation::relu6), IsSupersetOf(kWindow));
    EXPECT_THAT(real(Activation::relu6), IsSupersetOf(Numbers{{"OUT_MIN", "0.0f"}, {"OUT_MAX", "6.0f"}}));
    EXPECT_THAT(real(Activation::relu), Contains(Key("OUT_MIN")));
    EXPECT_THAT(real(Activation::relu), Not(Contains(Key("OUT_MAX"))));
    EXPECT_THAT(real(Activation::none), Not(Contains(Key("OUT_MIN"))));
  }
}

TEST(LayerFacts, ConvolutionsHaveTheirWindowAndGroups) {
  Shape const w = Shape::of({6, 3, 5, 1});
  OneOp conv(kConv2d, Conv2dAttributes{.padding = Padding::same, .stride_h = 2, .stride_w = 3});
  Numbers const found = numbers_of(conv.input<float>(kImage).constant(w, zeros(w)).result<float>());
  EXPECT_THAT(found, IsSupersetOf(kWindow));
  EXPECT_THAT(found, IsSupersetOf(Numbers{{"GROUPS", "2"}, {"OUT_C", "6"}, {"DILATION_H", "1"}}));
  OneOp dilated(kConv2d, Conv2dAttributes{.padding = Padding::valid, .dilation_h = 2, .dilation_w = 1});
  EXPECT_THAT(numbers_of(dilated.input<float>(kImage).constant(w, zeros(w)).result<float>()),
              IsSupersetOf(Numbers{{"DILATION_H", "2"}, {"DILATION_W", "1"}, {"OUT_H", "2"}, {"OUT_W", "7"}}));
  Shape const deep = Shape::of({1, 3, 5, 6});
  OneOp depthwise(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = Padding::same, .stride_h = 2, .stride_w = 3});
  Numbers const by_channel = numbers_of(depthwise.input<float>(kImage).constant(deep, zeros(deep)).result<float>());
  EXPECT_THAT(by_channel, IsSupersetOf(kWindow));
  EXPECT_THAT(by_channel, IsSupersetOf(Numbers{{"DEPTH_MULTIPLIER", "3"}, {"OUT_C", "6"}}));
}

TEST(LayerFacts, TransposedConvolutionsCutTheFullResult) {
  Shape const w = Shape::of({5, 3, 2, 2});
  OneOp op(kTransposeConv, TransposeConvAttributes{.padding = Padding::same, .stride_h = 2, .stride_w = 1});
  op.constant<int32_t>(Shape::of({4}), {1, 6, 4, 5}).constant(w, zeros(w)).input<float>(Shape::of({1, 3, 4, 2}));
  EXPECT_THAT(numbers_of(op.result<float>()), IsSupersetOf(Numbers{{"IN_H", "3"},
                                                                   {"IN_W", "4"},
                                                                   {"IN_C", "2"},
                                                                   {"OUT_H", "6"},
                                                                   {"OUT_W", "4"},
                                                                   {"OUT_C", "5"},
                                                                   {"STRIDE_H", "2"},
                                                                   {"STRIDE_W", "1"},
                                                                   {"PAD_TOP", "0"},
                                                                   {"PAD_BOTTOM", "1"},
                                                                   {"PAD_LEFT", "0"},
                                                                   {"PAD_RIGHT", "1"}}));
}

/// A dense layer of two outputs over three rows of data with scale 2^-3.
OneOp dense(const Quantization& weights, const Quantization& bias, const Quantization& result) {
  OneOp op(kFullyConnected, FullyConnectedAttributes{.activation = Activation::relu});
  op.input<int8_t>(Shape::of({3, 4}), Quantization::of(0x1p-3f, 0));
  op.constant(Shape::of({2, 4}), std::vector<int8_t>(8, 1), weights);
  op.constant<int32_t>(Shape::of({2}), {1, 2}, bias).result<int8_t>(result);
  return op;
}

TEST(LayerFacts, PowersOfTwoAreShifts) {
  Quantization const bias = Quantization::of(0x1p-8f, 0), result = Quantization::of(0x1p-4f, 0);
  Arithmetic const half_up{RoundingRule::half_up, 32};
  EXPECT_THAT(numbers_of(dense(Quantization::of(0x1p-5f, 0), bias, result).says(half_up)),
              IsSupersetOf(Numbers{{"ROWS", "3"},
                                   {"IN_C", "4"},
                                   {"OUT_C", "2"},
                                   {"IN_FRAC_BITS", "3"},
                                   {"OUT_FRAC_BITS", "4"},
                                   {"OUT_RSHIFT", "4"},
                                   {"BIAS_LSHIFT", "0"},
                                   {"OUT_MIN", "0"},
                                   {"OUT_MAX", "127"}}));
  OpFacts const by_channel = facts_of(dense({{0x1p-5f, 0x1p-6f}, {0, 0}, 0}, bias, result).says(half_up));
  ASSERT_EQ(by_channel.lists.size(), 2U);
  EXPECT_EQ(by_channel.lists[0].key, "BIAS_LSHIFTS");
  EXPECT_EQ(integers_of(by_channel.lists[0]), (std::vector<int32_t>{0, 1}));
  EXPECT_EQ(by_channel.lists[1].key, "OUT_RSHIFTS");
  EXPECT_EQ(integers_of(by_channel.lists[1]), (std::vector<int32_t>{4, 5}));
}

TEST(LayerFacts, OtherScalesAreMultipliers) {
  Quantization const bias{{0x1p-8f, 0.00125f}, {0, 0}, 0};
  OpFacts const facts = facts_of(dense({{0x1p-5f, 0.01f}, {0, 0}, 0}, bias, Quantization::of(0.1f, 3)));
  ASSERT_EQ(facts.lists.size(), 2U);
  EXPECT_EQ(facts.lists[0].key, "MULTIPLIERS");
  EXPECT_EQ(integers_of(facts.lists[0]).size(), 2U);
  EXPECT_EQ(facts.lists[1].key, "SHIFTS");
  // 2^-3 * 2^-5 / 0.1 = 0.625 * 2^-4, and 0.00125 / 0.1 = 0.8 * 2^-6.
  EXPECT_EQ(integers_of(facts.lists[1]), (std::vector<int32_t>{-4, -6}));
  EXPECT_NEAR(integers_of(facts.lists[0])[0], 0.625 * 0x1p31, 100);
  EXPECT_NEAR(integers_of(facts.lists[0])[1], 0.8 * 0x1p31, 100);
}

}  // namespace
}  // namespace narrow
