// Operator versions: what the format's own table (TensorFlow Lite's op_version.cc) asks for, by types, shapes and
// attributes.
#include <gtest/gtest.h>

#include <map>

#include "one_op.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversion.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "tflite/codec.h"

namespace narrow {
namespace {

/// Versions with int8 and int16 activations, and with float activations and integer weights; 0 where the quantizer
/// makes no such op.
struct Asked {
  int int8, int16, dynamic;
  bool operator==(const Asked&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Asked& a) {
  return out << a.int8 << ", " << a.int16 << ", " << a.dynamic;
}

TEST(Versions, OfQuantizedOps) {
  std::map<std::string, Asked> const kAsked{
      {"ABS", {2, 3, 0}},
      {"ADD", {2, 3, 0}},
      {"ARG_MAX", {2, 0, 0}},
      {"ARG_MIN", {2, 0, 0}},
      {"AVERAGE_POOL_2D", {2, 3, 0}},
      {"BATCH_MATMUL", {2, 3, 4}},
      {"BATCH_TO_SPACE_ND", {2, 4, 0}},
      {"BROADCAST_TO", {3, 3, 0}},
      {"CONCATENATION", {2, 3, 0}},
      {"CONV_2D", {3, 4, 5}},
      {"DEPTHWISE_CONV_2D", {3, 5, 6}},
      {"DEPTH_TO_SPACE", {2, 0, 0}},
      {"DIV", {1, 1, 0}},
      {"DYNAMIC_UPDATE_SLICE", {1, 4, 0}},
      {"ELU", {1, 0, 0}},
      {"EMBEDDING_LOOKUP", {1, 1, 3}},
      {"EQUAL", {2, 4, 0}},
      {"EXP", {2, 2, 0}},
      {"EXPAND_DIMS", {1, 1, 0}},
      {"FILL", {3, 3, 0}},
      {"FULLY_CONNECTED", {4, 7, 9}},
      {"GATHER", {2, 4, 0}},
      {"GATHER_ND", {1, 3, 0}},
      {"GELU", {2, 2, 0}},
      {"GREATER", {2, 2, 0}},
      {"GREATER_EQUAL", {2, 3, 0}},
      {"HARD_SWISH", {1, 0, 0}},
      {"L2_NORMALIZATION", {2, 0, 0}},
      {"LEAKY_RELU", {1, 2, 0}},
      {"LESS", {2, 3, 0}},
      {"LESS_EQUAL", {2, 2, 0}},
      {"LOG", {2, 2, 0}},
      {"LOGISTIC", {2, 3, 0}},
      {"LOG_SOFTMAX", {2, 0, 0}},
      {"MATRIX_DIAG", {0, 1, 0}},
      {"MATRIX_SET_DIAG", {1, 1, 0}},
      {"MAXIMUM", {2, 4, 0}},
      {"MAX_POOL_2D", {2, 3, 0}},
      {"MEAN", {2, 3, 0}},
      {"MINIMUM", {2, 4, 0}},
      {"MIRROR_PAD", {2, 3, 0}},
      {"MUL", {2, 4, 0}},
      {"NOT_EQUAL", {2, 4, 0}},
      {"ONE_HOT", {1, 0, 0}},
      {"PACK", {2, 3, 0}},
      {"PAD", {2, 3, 0}},
      {"PADV2", {2, 3, 0}},
      {"PRELU", {1, 0, 0}},
      {"RANK", {1, 1, 0}},
      {"REDUCE_MAX", {2, 3, 0}},
      {"REDUCE_MIN", {2, 3, 0}},
      {"REDUCE_PROD", {2, 2, 0}},
      {"RELU", {2, 3, 0}},
      {"RELU6", {2, 3, 0}},
      {"RELU_0_TO_1", {1, 0, 0}},
      {"RELU_N1_TO_1", {1, 0, 0}},
      {"RESHAPE", {1, 1, 0}},
      {"RESIZE_BILINEAR", {2, 4, 0}},
      {"RESIZE_NEAREST_NEIGHBOR", {2, 4, 0}},
      {"REVERSE_SEQUENCE", {0, 1, 0}},
      {"REVERSE_V2", {3, 1, 0}},
      {"RNN", {3, 3, 3}},
      {"RSQRT", {2, 3, 0}},
      {"SELECT", {1, 1, 0}},
      {"SELECT_V2", {1, 1, 0}},
      {"SHAPE", {1, 1, 0}},
      {"SLICE", {2, 4, 0}},
      {"SOFTMAX", {2, 3, 0}},
      {"SPACE_TO_BATCH_ND", {2, 4, 0}},
      {"SPACE_TO_DEPTH", {2, 0, 0}},
      {"SPLIT", {2, 4, 0}},
      {"SPLIT_V", {2, 1, 0}},
      {"SQRT", {2, 2, 0}},
      {"SQUARED_DIFFERENCE", {2, 2, 0}},
      {"SQUEEZE", {1, 1, 0}},
      {"STRIDED_SLICE", {2, 1, 0}},
      {"SUB", {2, 5, 0}},
      {"SUM", {2, 2, 0}},
      {"SVDF", {3, 0, 4}},
      {"TANH", {2, 3, 0}},
      {"TILE", {3, 1, 0}},
      {"TOPK_V2", {2, 3, 0}},
      {"TRANSPOSE", {2, 5, 0}},
      {"TRANSPOSE_CONV", {3, 3, 0}},
      {"UNIDIRECTIONAL_SEQUENCE_LSTM", {1, 1, 3}},
      {"UNIDIRECTIONAL_SEQUENCE_RNN", {3, 3, 3}},
      {"UNPACK", {2, 4, 0}},
  };
  for (const OpDef* def : all_ops()) {
    if (!find_codec(std::string_view(def->name))) continue;  // the format asks for nothing: registry_test.cc
    const QuantRule& q = def->quant;
    Asked const has{q.int8 ? q.versions.int8 : 0, q.int16 ? q.versions.int16 : 0, q.versions.dynamic};
    auto const at = kAsked.find(def->name);
    EXPECT_EQ(has, at == kAsked.end() ? (Asked{0, 0, 0}) : at->second) << def->name;
    EXPECT_EQ(q.versions.float32, def->name == std::string("BROADCAST_TO") ? 2 : 1) << def->name;
  }
}

TEST(Versions, OfConversions) {
  auto made = [](DType from, DType to) {
    GraphBuilder b;
    b.input({.dtype = from, .shape = Shape::of({2})});
    b.tensor({.dtype = to, .shape = Shape::of({2})});
    Op const op = conversion(b.graph(), 0, 1);
    return op.type + " " + std::to_string(op.version);
  };
  EXPECT_EQ(made(DType::float32, DType::int8), "QUANTIZE 1");
  EXPECT_EQ(made(DType::float32, DType::uint8), "QUANTIZE 1");
  EXPECT_EQ(made(DType::float32, DType::int16), "QUANTIZE 2");
  EXPECT_EQ(made(DType::int8, DType::int8), "QUANTIZE 2");
  EXPECT_EQ(made(DType::int16, DType::int8), "QUANTIZE 2");
  EXPECT_EQ(made(DType::int8, DType::float32), "DEQUANTIZE 2");
  EXPECT_EQ(made(DType::int16, DType::float32), "DEQUANTIZE 3");
  EXPECT_EQ(made(DType::float16, DType::float32), "DEQUANTIZE 3");
}

int version_of(const OneOp& op) {
  return least_version({op.model().main(), op.model().main().ops[0]});
}

template <class T>
int of_data(const OpDef& def, const Shape& shape, Attributes attributes = {}) {
  OneOp op(def, std::move(attributes));
  op.input<T>(shape).template input<int32_t>(Shape::of({1}));
  return version_of(op);
}

const Shape kFour = Shape::of({1, 1, 1, 2}), kFive = Shape::of({1, 1, 1, 1, 2}), kSix = Shape::of({1, 1, 1, 1, 1, 2});

TEST(Versions, FollowTheDataOfALayer) {
  auto conv = [](auto x) {
    OneOp op(kConv2d, Conv2dAttributes{});
    return version_of(op.input<decltype(x)>(kFour).template input<int8_t>(kFour));
  };
  EXPECT_EQ(conv(float{}), 1);
  EXPECT_EQ(conv(int8_t{}), 3);
  EXPECT_EQ(conv(int16_t{}), 4);
}

TEST(Versions, GrowWithFourBitWeights) {
  auto layer = [](const OpDef& def, const Attributes& attributes, auto x) {
    OneOp op(def, attributes);
    op.input<decltype(x)>(kFour);
    return version_of(op.int4_constant(kFour, {1, 2}, {}));
  };
  EXPECT_EQ(layer(kConv2d, Conv2dAttributes{}, int8_t{}), 7);
  EXPECT_EQ(layer(kConv2d, Conv2dAttributes{}, int16_t{}), 4);
  EXPECT_EQ(layer(kDepthwiseConv2d, DepthwiseConv2dAttributes{}, int8_t{}), 7);
  EXPECT_EQ(layer(kFullyConnected, FullyConnectedAttributes{}, int8_t{}), 10);
  EXPECT_EQ(layer(kFullyConnected, FullyConnectedAttributes{}, int16_t{}), 13);
}

TEST(Versions, GrowWithABias) {
  OneOp op(kTransposeConv, TransposeConvAttributes{});
  op.constant<int32_t>(Shape::of({4}), {1, 1, 1, 2}).input<float>(kFour).input<float>(kFour);
  EXPECT_EQ(version_of(op), 1);
  EXPECT_EQ(version_of(op.input<float>(Shape::of({1}))), 3);
}

TEST(Versions, GrowWithDilation) {
  auto depthwise = [](int h, int w) {
    return of_data<float>(kDepthwiseConv2d, kFour, DepthwiseConv2dAttributes{.dilation_h = h, .dilation_w = w});
  };
  EXPECT_EQ(depthwise(1, 1), 1);
  EXPECT_EQ(depthwise(2, 1), 2);
  EXPECT_EQ(depthwise(1, 2), 2);
  EXPECT_EQ(of_data<int8_t>(kDepthwiseConv2d, kFour, DepthwiseConv2dAttributes{.dilation_h = 2}), 3);
}

TEST(Versions, GrowWithDimensions) {
  for (const OpDef* def : {&kPad, &kPadV2}) {
    EXPECT_EQ(of_data<float>(*def, kFour), 1);
    EXPECT_EQ(of_data<float>(*def, kFive), 4);
  }
  EXPECT_EQ(of_data<float>(kSlice, kFour), 1);
  EXPECT_EQ(of_data<float>(kSlice, kFive), 5);
  EXPECT_EQ(of_data<float>(kTranspose, kFour), 1);
  EXPECT_EQ(of_data<float>(kTranspose, kFive), 4);
  EXPECT_EQ(of_data<float>(kTranspose, kSix), 6);
  EXPECT_EQ(of_data<float>(kTranspose, Shape::of({1, 1, 1, 1, 1, 1, 2})), 8);
  EXPECT_EQ(of_data<float>(kStridedSlice, kFour, StridedSliceAttributes{}), 1);
  EXPECT_EQ(of_data<float>(kStridedSlice, kFive, StridedSliceAttributes{}), 4);
  EXPECT_EQ(of_data<float>(kSpaceToBatchNd, kFour), 1);
  EXPECT_EQ(of_data<float>(kSpaceToBatchNd, Shape::of({1, 2, 2})), 3);
  EXPECT_EQ(of_data<float>(kBatchToSpaceNd, kFour), 1);
  EXPECT_EQ(of_data<float>(kBatchToSpaceNd, Shape::of({1, 2, 2})), 3);
}

TEST(Versions, GrowWithBroadcasts) {
  auto of = [](const OpDef& def, const Shape& a, const Shape& b) {
    OneOp op(def, def.name == std::string("SUB")   ? Attributes(SubAttributes{})
                  : def.name == std::string("DIV") ? Attributes(DivAttributes{})
                                                   : Attributes());
    return version_of(op.input<float>(a).input<float>(b));
  };
  Shape const one = Shape::of({1});
  for (const auto& [def, version] : {std::pair{&kSub, 3}, {&kDiv, 2}, {&kMaximum, 3}, {&kMinimum, 3}}) {
    EXPECT_EQ(of(*def, kFour, one), 1) << def->name;
    EXPECT_EQ(of(*def, kFive, kFive), 1) << def->name;
    EXPECT_EQ(of(*def, kFive, one), version) << def->name;
    EXPECT_EQ(of(*def, one, kFive), version) << def->name;
  }
}

TEST(Versions, GrowWithAttributes) {
  auto slice = [](const StridedSliceAttributes& a) { return of_data<float>(kStridedSlice, kFour, a); };
  EXPECT_EQ(slice({.begin_mask = 1, .end_mask = 1, .shrink_axis_mask = 1}), 1);
  EXPECT_EQ(slice({.ellipsis_mask = 1}), 6);
  EXPECT_EQ(slice({.new_axis_mask = 1}), 6);
  EXPECT_EQ(slice({.new_axis_mask = 1, .offset = true}), 8);
  EXPECT_EQ(of_data<float>(kGather, kFour, GatherAttributes{}), 1);
  EXPECT_EQ(of_data<float>(kGather, kFour, GatherAttributes{.batch_dims = 1}), 5);
}

TEST(Versions, GrowWithTheTypesOfPositionsAndNumbers) {
  auto positions = [](const OpDef& def, Attributes attributes, auto type) {
    OneOp op(def, std::move(attributes));
    return version_of(op.input<float>(kFour).input<decltype(type)>(Shape::of({1})));
  };
  EXPECT_EQ(positions(kGather, GatherAttributes{}, int16_t{}), 6);
  EXPECT_EQ(positions(kGatherNd, {}, int32_t{}), 1);
  EXPECT_EQ(positions(kGatherNd, {}, int16_t{}), 4);
  auto update = [](auto type) {
    OneOp op(kDynamicUpdateSlice, {});
    return version_of(op.input<float>(kFour).input<float>(kFour).input<decltype(type)>(Shape::of({4})));
  };
  EXPECT_EQ(update(int32_t{}), 1);
  EXPECT_EQ(update(int64_t{}), 2);
  auto range = [](auto type) {
    OneOp op(kRange, {});
    return version_of(op.input<decltype(type)>(Shape()).template input<decltype(type)>(Shape()));
  };
  EXPECT_EQ(range(float{}), 1);
  EXPECT_EQ(range(int64_t{}), 2);
}

}  // namespace
}  // namespace narrow
