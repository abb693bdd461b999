// Codecs against the format's own tables: a value of each attribute is in the field that has its name there. Writing
// and reading by one table would not see two fields that are exchanged.
#include <gtest/gtest.h>

#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"
#include "tflite/codec.h"
#include "tflite/runtime_version.h"

namespace narrow {
namespace {

/// The options table that is written for attributes of an op.
template <class T, class A>
T written(const OpDef& def, const A& attributes) {
  return *static_cast<const T*>(find_codec(std::string_view(def.name))->write(attributes).value);
}

template <class T>
void expect_window(const T& table, format::Padding padding) {
  EXPECT_EQ(table.padding, padding);
  EXPECT_EQ(table.stride_h, 2);
  EXPECT_EQ(table.stride_w, 3);
}

TEST(CodecFields, Convolutions) {
  Conv2dAttributes const conv{.padding = Padding::valid,
                              .stride_h = 2,
                              .stride_w = 3,
                              .dilation_h = 4,
                              .dilation_w = 5,
                              .activation = Activation::relu6,
                              .quantized_bias_type = DType::int64};
  auto const c = written<format::Conv2DOptionsT>(kConv2d, conv);
  expect_window(c, format::Padding::VALID);
  EXPECT_EQ(c.dilation_h_factor, 4);
  EXPECT_EQ(c.dilation_w_factor, 5);
  EXPECT_EQ(c.fused_activation_function, format::ActivationFunctionType::RELU6);
  EXPECT_EQ(c.quantized_bias_type, format::TensorType::INT64);
  DepthwiseConv2dAttributes const depthwise{.padding = Padding::same,
                                            .stride_h = 2,
                                            .stride_w = 3,
                                            .dilation_h = 4,
                                            .dilation_w = 5,
                                            .depth_multiplier = 6,
                                            .activation = Activation::relu};
  auto const d = written<format::DepthwiseConv2DOptionsT>(kDepthwiseConv2d, depthwise);
  expect_window(d, format::Padding::SAME);
  EXPECT_EQ(d.dilation_h_factor, 4);
  EXPECT_EQ(d.dilation_w_factor, 5);
  EXPECT_EQ(d.depth_multiplier, 6);
  EXPECT_EQ(d.fused_activation_function, format::ActivationFunctionType::RELU);
  TransposeConvAttributes const transpose{.padding = Padding::valid,
                                          .stride_h = 2,
                                          .stride_w = 3,
                                          .activation = Activation::relu_n1_to_1,
                                          .quantized_bias_type = DType::int32};
  auto const t = written<format::TransposeConvOptionsT>(kTransposeConv, transpose);
  expect_window(t, format::Padding::VALID);
  EXPECT_EQ(t.fused_activation_function, format::ActivationFunctionType::RELU_N1_TO_1);
  EXPECT_EQ(t.quantized_bias_type, format::TensorType::INT32);
}

TEST(CodecFields, Products) {
  auto full = [](const FullyConnectedAttributes& a) {
    return written<format::FullyConnectedOptionsT>(kFullyConnected, a);
  };
  EXPECT_TRUE(full({.keep_num_dims = true}).keep_num_dims);
  EXPECT_FALSE(full({.keep_num_dims = true}).asymmetric_quantize_inputs);
  EXPECT_TRUE(full({.asymmetric_quantize_inputs = true}).asymmetric_quantize_inputs);
  auto product = [](const BatchMatmulAttributes& a) { return written<format::BatchMatMulOptionsT>(kBatchMatmul, a); };
  EXPECT_TRUE(product({.adjoint_a = true}).adj_x);
  EXPECT_FALSE(product({.adjoint_a = true}).adj_y);
  EXPECT_TRUE(product({.adjoint_b = true}).adj_y);
}

TEST(CodecFields, Windows) {
  Pool2dAttributes const pool{.padding = Padding::valid,
                              .stride_h = 2,
                              .stride_w = 3,
                              .filter_h = 4,
                              .filter_w = 5,
                              .activation = Activation::relu};
  for (const OpDef* def : {&kAveragePool2d, &kL2Pool2d, &kMaxPool2d}) {
    auto const p = written<format::Pool2DOptionsT>(*def, pool);
    expect_window(p, format::Padding::VALID);
    EXPECT_EQ(p.filter_height, 4);
    EXPECT_EQ(p.filter_width, 5);
    EXPECT_EQ(p.fused_activation_function, format::ActivationFunctionType::RELU);
  }
  auto const corners =
      written<format::ResizeBilinearOptionsT>(kResizeBilinear, ResizeBilinearAttributes{.align_corners = true});
  EXPECT_TRUE(corners.align_corners);
  EXPECT_FALSE(corners.half_pixel_centers);
  auto const centers = written<format::ResizeNearestNeighborOptionsT>(
      kResizeNearestNeighbor, ResizeNearestNeighborAttributes{.half_pixel_centers = true});
  EXPECT_FALSE(centers.align_corners);
  EXPECT_TRUE(centers.half_pixel_centers);
}

TEST(CodecFields, Layout) {
  StridedSliceAttributes const slice{
      .begin_mask = 1, .end_mask = 2, .ellipsis_mask = 4, .new_axis_mask = 8, .shrink_axis_mask = 16, .offset = true};
  auto const s = written<format::StridedSliceOptionsT>(kStridedSlice, slice);
  EXPECT_EQ(s.begin_mask, 1);
  EXPECT_EQ(s.end_mask, 2);
  EXPECT_EQ(s.ellipsis_mask, 4);
  EXPECT_EQ(s.new_axis_mask, 8);
  EXPECT_EQ(s.shrink_axis_mask, 16);
  EXPECT_TRUE(s.offset);
  auto const pack = written<format::PackOptionsT>(kPack, PackAttributes{.count = 3, .axis = 1});
  EXPECT_EQ(pack.values_count, 3);
  EXPECT_EQ(pack.axis, 1);
  auto const unpack = written<format::UnpackOptionsT>(kUnpack, UnpackAttributes{.count = 3, .axis = 1});
  EXPECT_EQ(unpack.num, 3);
  EXPECT_EQ(unpack.axis, 1);
  auto const reversed = written<format::ReverseSequenceOptionsT>(
      kReverseSequence, ReverseSequenceAttributes{.sequence_axis = 2, .batch_axis = 1});
  EXPECT_EQ(reversed.seq_dim, 2);
  EXPECT_EQ(reversed.batch_dim, 1);
}

TEST(CodecFields, Reductions) {
  auto const sums = written<format::CumsumOptionsT>(kCumsum, CumsumAttributes{.exclusive = true});
  EXPECT_TRUE(sums.exclusive);
  EXPECT_FALSE(sums.reverse);
  auto const local = written<format::LocalResponseNormalizationOptionsT>(
      kLocalResponseNormalization,
      LocalResponseNormalizationAttributes{.radius = 2, .bias = 0.25f, .alpha = 0.5f, .beta = 0.75f});
  EXPECT_EQ(local.radius, 2);
  EXPECT_EQ(local.bias, 0.25f);
  EXPECT_EQ(local.alpha, 0.5f);
  EXPECT_EQ(local.beta, 0.75f);
  auto const gather = written<format::GatherOptionsT>(kGather, GatherAttributes{.axis = 2, .batch_dims = 1});
  EXPECT_EQ(gather.axis, 2);
  EXPECT_EQ(gather.batch_dims, 1);
}

TEST(CodecFields, ConvolutionsOfVolumes) {
  Conv3dAttributes const volume{.padding = Padding::valid,
                                .stride_d = 4,
                                .stride_h = 2,
                                .stride_w = 3,
                                .dilation_d = 5,
                                .dilation_h = 6,
                                .dilation_w = 7,
                                .activation = Activation::relu};
  for (const OpDef* def : {&kConv3d, &kConv3dTranspose}) {
    auto const c = written<format::Conv3DOptionsT>(*def, volume);
    expect_window(c, format::Padding::VALID);
    EXPECT_EQ(c.stride_d, 4);
    EXPECT_EQ(c.dilation_d_factor, 5);
    EXPECT_EQ(c.dilation_h_factor, 6);
    EXPECT_EQ(c.dilation_w_factor, 7);
    EXPECT_EQ(c.fused_activation_function, format::ActivationFunctionType::RELU);
  }
}

/// The release that a model of one op of this version needs.
std::string release(const char* type, int version) {
  Model m;
  m.graphs.resize(1);
  Op op;
  op.type = type;
  op.version = version;
  m.graphs[0].ops = {op};
  return min_runtime_version(m);
}

TEST(RuntimeVersion, IsTheFirstThatHasTheOp) {
  EXPECT_EQ(release("CONV_2D", 3), "1.14.0");
  EXPECT_EQ(release("CONV_2D", 4), "2.3.0");
  EXPECT_EQ(release("CONV_2D", 5), "2.4.0");
  EXPECT_EQ(release("CONV_2D", 6), "2.9.0");
  EXPECT_EQ(release("CONV_2D", 99), "2.15.0") << "the newest that is known";
  EXPECT_EQ(release("FULLY_CONNECTED", 12), "2.17.0");
  EXPECT_EQ(release("BROADCAST_TO", 2), "2.5.0");
  EXPECT_EQ(release("STRANGE", 1), "1.5.0") << "the first release there is";
}

TEST(RuntimeVersion, IsAtLeastThatOfTheMetadata) {
  auto stated = [](const std::string& text) {
    Model m;
    m.metadata.emplace_back(kRuntimeVersionName, SharedBytes(runtime_version_bytes(text)));
    return min_runtime_version(m);
  };
  EXPECT_EQ(stated("2.10.1"), "2.10.1");
  EXPECT_EQ(stated("1.4.9"), "1.5.0");
  EXPECT_EQ(stated("no number"), "1.5.0");
}

}  // namespace
}  // namespace narrow
