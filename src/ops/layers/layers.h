// Convolutions and matrix products.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

/// CONV_2D: operands: NHWC data, OHWI weights, bias (optional).
struct Conv2dAttributes {
  Padding padding = Padding::same;
  int stride_h = 1;
  int stride_w = 1;
  int dilation_h = 1;
  int dilation_w = 1;
  Activation activation = Activation::none;
  DType quantized_bias_type = DType::float32;  // float32: not stated
  static const AttributeType kType;
};
extern const OpDef kConv2d;

/// DEPTHWISE_CONV_2D: operands: NHWC data, [1, h, w, in * multiplier] weights, bias (optional).
struct DepthwiseConv2dAttributes {
  Padding padding = Padding::same;
  int stride_h = 1;
  int stride_w = 1;
  int dilation_h = 1;
  int dilation_w = 1;
  int depth_multiplier = 1;
  Activation activation = Activation::none;
  static const AttributeType kType;
};
extern const OpDef kDepthwiseConv2d;

/// TRANSPOSE_CONV: operands: output shape, OHWI weights, NHWC data, bias (optional).
struct TransposeConvAttributes {
  Padding padding = Padding::same;
  int stride_h = 1;
  int stride_w = 1;
  Activation activation = Activation::none;
  DType quantized_bias_type = DType::float32;  // float32: not stated
  static const AttributeType kType;
};
extern const OpDef kTransposeConv;

/// CONV_3D: operands: NDHWC data, [depth, height, width, in, out] weights, bias (optional).
/// CONV_3D_TRANSPOSE: operands: output shape, [depth, height, width, out, in] weights, NDHWC data, bias (optional); the
/// convolution that the attributes describe goes from the result to the data.
struct Conv3dAttributes {
  Padding padding = Padding::same;
  int stride_d = 1;
  int stride_h = 1;
  int stride_w = 1;
  int dilation_d = 1;
  int dilation_h = 1;
  int dilation_w = 1;
  Activation activation = Activation::none;
  static const AttributeType kType;
};
extern const OpDef kConv3d;
extern const OpDef kConv3dTranspose;

/// FULLY_CONNECTED: operands: data, [out, in] weights, bias (optional).
struct FullyConnectedAttributes {
  Activation activation = Activation::none;
  bool keep_num_dims = false;
  bool asymmetric_quantize_inputs = false;     // how float data meets integer weights
  DType quantized_bias_type = DType::float32;  // float32: not stated
  static const AttributeType kType;
};
extern const OpDef kFullyConnected;

/// BATCH_MATMUL: products of the matrices in the last two dimensions; those before them broadcast.
struct BatchMatmulAttributes {
  bool adjoint_a = false;  // the matrices of operand 0 are stored transposed
  bool adjoint_b = false;
  bool asymmetric_quantize_inputs = false;  // how float data meets integer weights
  static const AttributeType kType;
};
extern const OpDef kBatchMatmul;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kLayerOps[] = {&kBatchMatmul,     &kConv2d,         &kConv3d,       &kConv3dTranspose,
                                             &kDepthwiseConv2d, &kFullyConnected, &kTransposeConv};

}  // namespace narrow
