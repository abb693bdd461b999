// Each rule of the runtimes' tables at its boundary: what it just lets pass, and the nearest that it does not.
#include "verify/rules.h"

#include <gmock/gmock.h>

#include "one_op.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/recurrent/recurrent.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

using testing::HasSubstr;

const Shape kVector = Shape::of({4});
const Quantization kNone{}, kOne = Quantization::of(0.5f, 0), kTwo{{0.5f, 0.25f, 0.5f, 0.5f}, {0, 0, 0, 0}, 0};

/// What a rule says of an op; empty where it lets it pass.
template <class R>
std::string said(R rule, const OneOp& op) {
  std::optional<Trouble> const trouble = rule(Site{op.model(), 0, 0});
  EXPECT_TRUE(!trouble || !trouble->remedy.empty());
  return trouble ? trouble->what : "";
}

/// ADD of int8 (or T) operands with these scales.
template <class T = int8_t>
OneOp sum(const Quantization& a, const Quantization& b, const Quantization& y) {
  OneOp op(kAdd, AddAttributes{});
  op.input<T>(kVector, a).template input<T>(kVector, b).template result<T>(y);
  return op;
}

TEST(VerifyRules, Scaled) {
  EXPECT_EQ(said(scaled, sum(kOne, kOne, kOne)), "");
  EXPECT_THAT(said(scaled, sum(kOne, kNone, kOne)), HasSubstr("int8 without a scale"));
  EXPECT_NE(said(scaled, sum(kOne, kOne, kNone)), "");
  EXPECT_NE(said(scaled, sum<int16_t>(kNone, kOne, kOne)), "");
  EXPECT_NE(said(scaled, sum<uint8_t>(kNone, kOne, kOne)), "");
  EXPECT_EQ(said(scaled, sum<int32_t>(kNone, kNone, kNone)), "");
  EXPECT_THAT(said(scaled, sum(kOne, Quantization::of(0x1p108F, 0), kOne)), HasSubstr("overflows float32"));
  EXPECT_EQ(said(scaled, sum(kOne, Quantization::of(0x1p107F, 0), kOne)), "");
}

TEST(VerifyRules, ScaledAlike) {
  EXPECT_EQ(said(scaled_alike, sum<int16_t>(kNone, kNone, kNone)), "");
  EXPECT_EQ(said(scaled_alike, sum<int16_t>(kOne, kOne, kOne)), "");
  EXPECT_NE(said(scaled_alike, sum<int16_t>(kOne, kNone, kOne)), "");
  EXPECT_NE(said(scaled_alike, sum(kNone, kNone, kNone)), "");
}

TEST(VerifyRules, Centred16) {
  Quantization const off = Quantization::of(0.5f, 1);
  EXPECT_EQ(said(centred16, sum<int16_t>(kOne, kOne, kOne)), "");
  EXPECT_THAT(said(centred16, sum<int16_t>(kOne, off, kOne)), HasSubstr("zero point 1"));
  EXPECT_NE(said(centred16, sum<int16_t>(kOne, kOne, off)), "");
  EXPECT_EQ(said(centred16, sum(off, off, off)), "");
}

TEST(VerifyRules, ZeroPadding) {
  auto padded = [](int32_t most, int64_t zero_point) {
    OneOp op(kSpaceToBatchNd, {});
    op.input<int8_t>(Shape::of({1, 4, 4, 1}), Quantization::of(1, zero_point))
        .constant<int32_t>(Shape::of({2}), {2, 2});
    op.constant<int32_t>(Shape::of({2, 2}), {0, 0, 0, most});
    op.result<int8_t>(Quantization::of(1, zero_point));
    return said(pads_with_zero<2>, op);
  };
  EXPECT_EQ(padded(0, 5), "");
  EXPECT_EQ(padded(2, 0), "");
  EXPECT_THAT(padded(2, 5), HasSubstr("pads with 0"));
}

TEST(VerifyRules, PerTensor) {
  EXPECT_EQ(said(per_tensor, sum(kOne, kOne, kOne)), "");
  EXPECT_THAT(said(per_tensor, sum(kOne, kTwo, kOne)), HasSubstr("4 scales"));
  EXPECT_NE(said(per_tensor, sum(kOne, kOne, kTwo)), "");
  EXPECT_EQ(said(per_tensor16, sum(kOne, kTwo, kOne)), "");
  EXPECT_NE(said(per_tensor16, sum<int16_t>(kOne, kTwo, kOne)), "");
}

TEST(VerifyRules, Aligned) {
  auto near = [](float factor) { return sum(Quantization::of(0.5f * factor, 3), kNone, Quantization::of(0.5f, 3)); };
  auto with = [](const Quantization& a, const Quantization& y) {
    OneOp op(kReshape, ReshapeAttributes{.new_shape = {2, 2}});
    op.input<int8_t>(kVector, a).result<int8_t>(y);
    return op;
  };
  Quantization const three = Quantization::of(0.5f, 3);
  EXPECT_EQ(said(aligned, with(three, three)), "");
  EXPECT_EQ(said(aligned, with(Quantization::of(0.5f * (1 + 0.9e-5f), 3), three)), "");
  EXPECT_NE(said(aligned, with(Quantization::of(0.5f * (1 + 1.2e-5f), 3), three)), "");
  EXPECT_NE(said(aligned, with(Quantization::of(0.5f, 4), three)), "");
  EXPECT_NE(said(aligned, with(kNone, three)), "");
  EXPECT_EQ(said(aligned, with(kNone, kNone)), "");
  EXPECT_EQ(said(aligned_or_refused, with(three, three)), "");
  EXPECT_NE(said(aligned_or_refused, with(Quantization::of(0.5f * (1 + 0.9e-5f), 3), three)), "");
  EXPECT_NE(said(aligned, near(1)), "");  // the second operand has no scale
  // Positions are no values.
  OneOp gather(kGather, GatherAttributes{});
  gather.input<int8_t>(kVector, three).constant<int32_t>(Shape::of({2}), {0, 1});
  gather.result<int8_t>(three);
  EXPECT_EQ(said(aligned, gather), "");
}

TEST(VerifyRules, OperandsAlike) {
  EXPECT_EQ(said(alike<DType::int8>, sum(kOne, kOne, kTwo)), "");
  EXPECT_NE(said(alike<DType::int8>, sum(kOne, Quantization::of(0.25f, 0), kOne)), "");
  EXPECT_NE(said(alike<DType::int8>, sum(kOne, Quantization::of(0.5f, 1), kOne)), "");
  EXPECT_EQ(said(alike<DType::int16>, sum(kOne, Quantization::of(0.25f, 0), kOne)), "");
}

TEST(VerifyRules, SoftmaxResult) {
  auto of8 = [](float scale, int64_t zero) {
    OneOp op(kSoftmax, SoftmaxAttributes{});
    op.input<int8_t>(Shape::of({1, 4}), kOne).result<int8_t>(Quantization::of(scale, zero));
    return said(softmax_result, op);
  };
  auto of16 = [](int64_t data_zero, float scale, int64_t zero) {
    OneOp op(kSoftmax, SoftmaxAttributes{});
    op.input<int16_t>(Shape::of({1, 4}), Quantization::of(1, data_zero)).result<int16_t>(Quantization::of(scale, zero));
    return said(softmax_result, op);
  };
  auto mixed = [](float scale, int64_t zero) {
    OneOp op(kSoftmax, SoftmaxAttributes{});
    op.input<int8_t>(Shape::of({1, 4}), kOne).result<int16_t>(Quantization::of(scale, zero));
    return said(softmax_result, op);
  };
  EXPECT_EQ(of8(0x1p-8f, -128), "");
  EXPECT_EQ(of8(0x1p-8f * 1.0005f, -128), "");
  EXPECT_NE(of8(0x1p-8f * 1.0007f, -128), "");
  EXPECT_NE(of8(0x1p-8f, -127), "");
  EXPECT_EQ(of16(0, 0x1p-15f, 0), "");
  EXPECT_NE(of16(0, 0x1p-16f, 0), "");
  EXPECT_NE(of16(1, 0x1p-15f, 0), "");
  EXPECT_EQ(mixed(0x1p-16f, -32768), "");
  EXPECT_NE(mixed(0x1p-15f, 0), "");
}

TEST(VerifyRules, FixedResults) {
  auto of = [](float scale, int64_t zero) { return sum(kOne, kOne, Quantization::of(scale, zero)); };
  EXPECT_EQ(said(result_is<8, -7, 0>, of(0x1p-7f, 0)), "");
  EXPECT_NE(said(result_is<8, -7, 0>, of(std::nextafter(0x1p-7f, 1.0f), 0)), "");
  EXPECT_NE(said(result_is<8, -7, 0>, of(0x1p-7f, 1)), "");
  EXPECT_EQ(said(result_is<16, -7, 0>, of(1, 0)), "") << "of 16-bit results alone";
  EXPECT_EQ(said(result_near<8, -7, 0>, of(0x1p-7f * (1 + 5.9e-4f), 0)), "");
  EXPECT_NE(said(result_near<8, -7, 0>, of(0x1p-7f * (1 + 6.1e-4f), 0)), "");
  EXPECT_NE(said(result_near<8, -7, 0>, of(0x1p-7f * (1 - 6.1e-4f), 0)), "");
  EXPECT_EQ(said(result8_scale_is<-8>, of(0x1p-8f, 77)), "");
  EXPECT_NE(said(result8_scale_is<-8>, of(std::nextafter(0x1p-8f, 1.0f), 77)), "");
  EXPECT_EQ(said(result8_scale_is<-8>, sum<int16_t>(kOne, kOne, kOne)), "");
}

TEST(VerifyRules, ScalesBelowOne) {
  Quantization const below = Quantization::of(std::nextafter(1.0f, 0.0f), 0), one = Quantization::of(1, 0);
  EXPECT_EQ(said(scales_below_one, sum(below, below, one)), "");
  EXPECT_NE(said(scales_below_one, sum(below, one, one)), "");
  EXPECT_EQ(said(scales_below_one, sum<int32_t>(one, one, one)), "");
}

TEST(VerifyRules, MultipliersOfSumsAndSquares) {
  auto scale = [](float s) { return Quantization::of(s, 0); };
  // 2 max(scales) / (2^20 result) < 1.
  EXPECT_NE(said(sum_fits, sum(scale(0x1p10f), scale(0x1p19f), scale(1))), "");
  EXPECT_EQ(said(sum_fits, sum(scale(0x1p10f), scale(0x1.fffffep18f), scale(1))), "");
  EXPECT_NE(said(sum_fits, sum<int16_t>(scale(0x1p14f), scale(1), scale(1))), "");
  EXPECT_EQ(said(sum_fits, sum<int16_t>(scale(0x1.fffffep13f), scale(1), scale(1))), "");
  EXPECT_EQ(said(sum_fits, sum(kOne, kOne, kNone)), "");
  auto square = [&](float a, float y) {
    OneOp op(kSquaredDifference, {});
    op.input<int8_t>(kVector, scale(a)).input<int8_t>(kVector, scale(0.001f)).result<int8_t>(scale(y));
    return said(square_fits, op);
  };
  EXPECT_NE(square(0x1p6f, 1), "");  // 4 * 2^12 = 2^14
  EXPECT_EQ(square(0x1.fffffep5f, 1), "");
  auto swish = [&](float x, float y) {
    OneOp op(kHardSwish, {});
    op.input<int8_t>(kVector, scale(x)).result<int8_t>(scale(y));
    return said(hard_swish_fits, op);
  };
  EXPECT_NE(swish(128, 1), "");
  EXPECT_EQ(swish(127.9f, 1), "");
}

/// A dense layer of 4 inputs and 4 outputs.
template <class X = int8_t, class B = int32_t>
OneOp dense(const Quantization& x, const Quantization& w, const Quantization& b, const Quantization& y = kOne,
            DType stated = DType::float32) {
  OneOp op(kFullyConnected, FullyConnectedAttributes{.quantized_bias_type = stated});
  op.input<X>(Shape::of({1, 4}), x);
  op.constant(Shape::of({4, 4}), std::vector<int8_t>(16, 1), w);
  op.constant(kVector, std::vector<B>(4, 1), b);
  op.template result<X>(y);
  return op;
}

TEST(VerifyRules, Weights) {
  auto w = [](std::vector<float> scales, std::vector<int64_t> zeros, int axis) {
    return Quantization{std::move(scales), std::move(zeros), axis};
  };
  auto found = [](const Quantization& q) { return said(weights<1, 0>, dense(kOne, q, kOne)); };
  EXPECT_EQ(found(w({1}, {0}, 0)), "");
  EXPECT_EQ(found(w({1, 1, 1, 1}, {0, 0, 0, 0}, 0)), "");
  EXPECT_THAT(found(w({1, 1, 1, 1}, {0, 0, 0, 0}, 1)), HasSubstr("dimension 1"));
  EXPECT_THAT(found(w({1, 1, 1, 1}, {0, 0, 0, 1}, 0)), HasSubstr("zero point 1"));
  EXPECT_THAT(found(w({1}, {1}, 0)), HasSubstr("zero point 1"));
  EXPECT_THAT(found(kNone), HasSubstr("no scale"));
  EXPECT_THAT(said(weights<1, 0>, dense(kTwo, kOne, kOne)), HasSubstr("takes one for data"));
  EXPECT_THAT(said(weights<1, 0>, dense(kOne, kOne, kOne, kTwo)), HasSubstr("takes one for data"));
  auto shifted = [](const Quantization& q) { return said(shifted_weights<1, 0>, dense(kOne, q, kOne)); };
  EXPECT_EQ(shifted(w({1}, {5}, 0)), "");
  EXPECT_NE(shifted(w({1, 1, 1, 1}, {0, 5, 0, 0}, 0)), "");
  EXPECT_EQ(said(one_scale_for_int16<1>, dense<int16_t, int64_t>(kOne, kOne, kOne)), "");
  EXPECT_NE(said(one_scale_for_int16<1>, dense<int16_t, int64_t>(kOne, kTwo, kTwo)), "");
  EXPECT_EQ(said(one_scale_for_int16<1>, dense(kOne, kTwo, kTwo)), "");
  auto with_int4 = [](const Quantization& weights) {
    OneOp op(kFullyConnected, FullyConnectedAttributes{});
    op.input<int8_t>(Shape::of({1, 2}), kOne).int4_constant(Shape::of({4, 2}), std::vector<int8_t>(8, 1), weights);
    return op;
  };
  EXPECT_EQ(said(one_scale_for_int4<1>, with_int4(kOne)), "");
  EXPECT_THAT(said(one_scale_for_int4<1>, with_int4(kTwo)), HasSubstr("of 4-bit weights the kernel takes one"));
  EXPECT_EQ(said(one_scale_for_int4<1>, dense(kOne, kTwo, kTwo)), "");
}

TEST(VerifyRules, OneGroupForInt4) {
  auto conv = [](int channels, bool int4) {
    OneOp op(kConv2d, Conv2dAttributes{});
    op.input<int8_t>(Shape::of({1, 1, 1, 4}), kOne);
    Shape const filter = Shape::of({4, 1, 1, channels});
    std::vector<int8_t> const w(static_cast<size_t>(4 * channels), 1);
    int4 ? op.int4_constant(filter, w, kOne) : op.constant(filter, w, kOne);
    return op;
  };
  EXPECT_EQ(said(one_group_for_int4, conv(4, true)), "");
  EXPECT_THAT(said(one_group_for_int4, conv(2, true)), HasSubstr("no groups"));
  EXPECT_EQ(said(one_group_for_int4, conv(2, false)), "");
}

TEST(VerifyRules, Biases) {
  auto found = [](const Quantization& b, const Quantization& w = kOne) {
    return said(bias<2, 0, 1>, dense(kOne, w, b));
  };
  EXPECT_EQ(found(Quantization::of(0.25f, 0)), "");
  EXPECT_EQ(found(Quantization::of(0.25f * 1.0099f, 0)), "");
  EXPECT_THAT(found(Quantization::of(0.25f * 1.0101f, 0)), HasSubstr("channel 0"));
  EXPECT_NE(found(Quantization::of(0.25f * 0.9899f, 0)), "");
  EXPECT_THAT(found(Quantization::of(0.25f, 1)), HasSubstr("zero point 1"));
  EXPECT_EQ(found({{0.25f, 0.125f, 0.25f, 0.25f}, {0, 0, 0, 0}, 0}, kTwo), "");
  EXPECT_THAT(found({{0.25f, 0.125f, 0.25f, 0.5f}, {0, 0, 0, 0}, 0}, kTwo), HasSubstr("channel 3"));
  EXPECT_THAT(found(Quantization::of(0.25f, 0), kTwo), HasSubstr("1 scales, the weights have 4"));
  EXPECT_EQ(found(kNone), "");
}

TEST(VerifyRules, BiasAsStated) {
  auto found = [](DType type) { return said(bias_as_stated, dense(kOne, kOne, kOne, kOne, type)); };
  EXPECT_EQ(found(DType::float32), "");
  EXPECT_EQ(found(DType::int32), "");
  EXPECT_THAT(found(DType::int64), HasSubstr("states int64 biases"));
  EXPECT_NE(said(bias_as_stated, dense<int16_t, int64_t>(kOne, kOne, kOne, kOne, DType::int32)), "");
  auto conv = [](DType type) {
    OneOp op(kConv2d, Conv2dAttributes{.quantized_bias_type = type});
    op.input<int8_t>(Shape::of({1, 2, 2, 1}), kOne).constant<int8_t>(Shape::of({1, 1, 1, 1}), {1}, kOne);
    op.constant<int32_t>(Shape::of({1}), {1}, kOne).result<int8_t>(kOne);
    return said(bias_as_stated, op);
  };
  EXPECT_EQ(conv(DType::int32), "");
  EXPECT_NE(conv(DType::int64), "");
  auto transpose = [](DType type) {
    OneOp op(kTransposeConv, TransposeConvAttributes{.quantized_bias_type = type});
    op.constant<int32_t>(Shape::of({4}), {1, 2, 2, 1}).constant<int8_t>(Shape::of({1, 1, 1, 1}), {1}, kOne);
    op.input<int8_t>(Shape::of({1, 2, 2, 1}), kOne).constant<int32_t>(Shape::of({1}), {1}, kOne).result<int8_t>(kOne);
    return said(bias_as_stated, op);
  };
  EXPECT_EQ(transpose(DType::int32), "");
  EXPECT_NE(transpose(DType::int64), "");
}

/// A sum of float operands of these shapes.
OneOp float_sum(const Shape& a, const Shape& b) {
  OneOp op(kAdd, AddAttributes{});
  op.input<float>(a).input<float>(b).result<float>();
  return op;
}

TEST(VerifyRules, ConstantsAndDimensions) {
  OneOp computed(kReshape, ReshapeAttributes{.new_shape = {2, 2}}), stored = computed;
  computed.input<int8_t>(kVector, kOne).input<int32_t>(Shape::of({2}));
  stored.input<int8_t>(kVector, kOne).constant<int32_t>(Shape::of({2}), {2, 2});
  EXPECT_THAT(said(constant<1>, computed), HasSubstr("operand 1"));
  Shape const three = Shape::of({1, 1, 4}), four = Shape::of({1, 1, 1, 4});
  EXPECT_EQ(said(rank_at_most<3>, float_sum(three, kVector)), "");
  EXPECT_THAT(said(rank_at_most<3>, float_sum(kVector, four)), HasSubstr("4 dimensions"));
  EXPECT_EQ(said(int8_rank_at_most<1>, float_sum(three, three)), "");
  EXPECT_EQ(said(int8_rank_at_most<1>, sum(kOne, kOne, kOne)), "");
  EXPECT_NE(said(int8_rank_at_most<0>, sum(kOne, kOne, kOne)), "");
  EXPECT_EQ((said(data_rank<1, 3>, float_sum(three, four))), "");
  EXPECT_EQ((said(data_rank<1, 3>, float_sum(kVector, four))), "");
  EXPECT_NE((said(data_rank<2, 3>, float_sum(kVector, three))), "");
  EXPECT_NE((said(data_rank<1, 2>, float_sum(three, three))), "");
  EXPECT_EQ(said(broadcast_rank<3>, float_sum(four, four)), "");
  EXPECT_EQ(said(broadcast_rank<3>, float_sum(three, kVector)), "");
  EXPECT_NE(said(broadcast_rank<3>, float_sum(four, kVector)), "");
  EXPECT_EQ(said(innermost_three, float_sum(Shape::of({1, 2, 3, 4}), kVector)), "");
  EXPECT_THAT(said(innermost_three, float_sum(Shape::of({2, 2, 3, 4}), kVector)), HasSubstr("2 along dimension 0"));
  EXPECT_EQ(said(operands_at_most<2>, float_sum(three, three)), "");
  EXPECT_NE(said(operands_at_most<1>, float_sum(three, three)), "");
}

TEST(VerifyRules, AxesThatCountFromTheEnd) {
  auto mean = [](int32_t axis) {
    OneOp op(kMean, ReduceAttributes{});
    op.input<float>(Shape::of({1, 4})).constant<int32_t>(Shape::of({1}), {axis}).result<float>();
    return said(not_negative<1>, op);
  };
  EXPECT_EQ(mean(0), "");
  EXPECT_NE(mean(-1), "");
}

TEST(VerifyRules, PlainSlices) {
  auto slice = [](const StridedSliceAttributes& a, std::vector<int32_t> begin) {
    OneOp op(kStridedSlice, a);
    Shape const n = Shape::of({static_cast<int32_t>(begin.size())});
    std::vector<int32_t> const end(begin.size(), 2), stride(begin.size(), 1);
    op.input<float>(Shape::of({2, 2})).constant(n, begin).constant(n, end).constant(n, stride).result<float>();
    return said(plain_slice, op);
  };
  EXPECT_EQ(slice({}, {0, 1}), "");
  EXPECT_EQ(slice({.begin_mask = 1, .end_mask = 2, .shrink_axis_mask = 1}, {0, 1}), "");
  EXPECT_NE(slice({}, {0}), "");
  EXPECT_NE(slice({.ellipsis_mask = 1}, {0, 1}), "");
  EXPECT_NE(slice({.new_axis_mask = 1}, {0, 1}), "");
  EXPECT_NE(slice({.offset = true}, {0, 0}), "");
}

TEST(VerifyRules, PlainLstms) {
  using Attributes = UnidirectionalSequenceLstmAttributes;
  // The shapes are not looked at: which operands there are is what counts.
  auto lstm = [](const Attributes& a, std::vector<size_t> left_out, size_t operands = 24) {
    GraphBuilder b;
    std::vector<int> in;
    for (size_t i = 0; i < operands; ++i) {
      bool const out = std::find(left_out.begin(), left_out.end(), i) != left_out.end();
      in.push_back(out ? kNoTensor : b.input({.shape = kVector}));
    }
    b.op(kUnidirectionalSequenceLstm, a, in, {b.tensor({.shape = kVector})});
    auto const trouble = plain_lstm(Site{b.model(), 0, 0});
    return trouble ? trouble->what : "";
  };
  std::vector<size_t> const plain{9, 10, 11, 16, 17, 20, 21, 22, 23};
  Attributes const tanh{.cell_activation = Activation::tanh};
  EXPECT_EQ(lstm(tanh, plain), "");
  EXPECT_EQ(lstm(tanh, {9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23}), "");
  EXPECT_THAT(lstm(tanh, plain, 20), HasSubstr("has 20 operands"));
  for (size_t i : plain) {
    std::vector<size_t> others = plain;
    std::erase(others, i);
    EXPECT_NE(lstm(tanh, others), "") << i;
  }
  EXPECT_NE(lstm(tanh, {1, 5, 9, 10, 11, 12, 16, 17, 20, 21, 22, 23}), "");
  EXPECT_THAT(lstm({.cell_activation = Activation::relu}, plain), HasSubstr("another activation than tanh"));
  EXPECT_NE(lstm({.cell_activation = Activation::tanh, .diagonal_recurrent_tensors = true}, plain), "");
}

TEST(VerifyRules, PeepholesOfLstmsWithProjections) {
  auto lstm = [](DType dtype, bool peephole, int out) {
    GraphBuilder b;
    std::vector<int> in(24, kNoTensor);
    auto const operand = [&](size_t i, std::initializer_list<int32_t> shape) {
      in[i] = b.input({.dtype = dtype, .shape = Shape::of(shape)});
    };
    operand(0, {1, 2, 3});
    operand(4, {5, 3});
    operand(8, {5, out});
    if (peephole) operand(10, {5});
    b.op(kUnidirectionalSequenceLstm, UnidirectionalSequenceLstmAttributes{}, in, {b.tensor({.shape = kVector})});
    auto const trouble = lstm_peepholes(Site{b.model(), 0, 0});
    return trouble ? trouble->what : "";
  };
  EXPECT_EQ(lstm(DType::int8, true, 5), "");
  EXPECT_EQ(lstm(DType::int8, false, 4), "");
  EXPECT_EQ(lstm(DType::float32, true, 4), "");
  EXPECT_THAT(lstm(DType::int8, true, 4), HasSubstr("applies 4 of them"));
}

TEST(VerifyRules, FusedActivations) {
  auto joined = [](Activation a) {
    OneOp op(kConcatenation, ConcatenationAttributes{.activation = a});
    op.input<float>(kVector).input<float>(kVector).result<float>();
    return said(no_activation, op);
  };
  auto pooled = [](Activation a) {
    OneOp op(kMaxPool2d, Pool2dAttributes{.activation = a});
    op.input<float>(Shape::of({1, 2, 2, 1})).result<float>();
    return said(no_activation, op);
  };
  EXPECT_EQ(joined(Activation::none), "");
  EXPECT_NE(joined(Activation::relu), "");
  EXPECT_EQ(pooled(Activation::none), "");
  EXPECT_NE(pooled(Activation::relu6), "");
}

TEST(VerifyRules, FloatStorage) {
  auto found = [](const OneOp& op) {
    auto const troubles = no_float_storage(kTflm, op.model());
    return troubles.empty() ? std::string() : troubles.front().what;
  };
  EXPECT_EQ(found(dense(kOne, kOne, kOne)), "");
  OneOp hybrid(kFullyConnected, FullyConnectedAttributes{});
  hybrid.input<float>(Shape::of({1, 4})).constant(Shape::of({4, 4}), std::vector<int8_t>(16, 1), kOne).result<float>();
  EXPECT_THAT(found(hybrid), HasSubstr("quantized dynamically"));
  OneOp halves(kAdd, AddAttributes{});
  halves.float16_constant(kVector, {0, 0, 0, 0}).float16_constant(kVector, {0, 0, 0, 0});
  EXPECT_THAT(found(halves), HasSubstr("float16 constants"));
}

}  // namespace
}  // namespace narrow
