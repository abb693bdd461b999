// CONV_2D: operands: NHWC data, OHWI weights, bias (optional).
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

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

}  // namespace narrow
