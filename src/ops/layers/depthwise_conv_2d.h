// DEPTHWISE_CONV_2D: operands: NHWC data, [1, h, w, in * multiplier] weights, bias (optional).
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

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

}  // namespace narrow
