// TRANSPOSE_CONV: operands: output shape, OHWI weights, NHWC data, bias (optional).
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct TransposeConvAttributes {
  Padding padding = Padding::same;
  int stride_h = 1;
  int stride_w = 1;
  Activation activation = Activation::none;
  DType quantized_bias_type = DType::float32;  // float32: not stated
  static const AttributeType kType;
};

extern const OpDef kTransposeConv;

}  // namespace narrow
