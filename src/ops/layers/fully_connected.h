// FULLY_CONNECTED: operands: data, [out, in] weights, bias (optional).
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct FullyConnectedAttributes {
  Activation activation = Activation::none;
  bool keep_num_dims = false;
  bool asymmetric_quantize_inputs = false;     // how float data meets integer weights
  DType quantized_bias_type = DType::float32;  // float32: not stated
  static const AttributeType kType;
};

extern const OpDef kFullyConnected;

}  // namespace narrow
