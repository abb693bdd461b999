// Changes of element type and quantization.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// CAST: elements as another type, without regard to scales. Floats are cut towards 0 and saturate.
struct CastAttributes {
  DType in_type = DType::float32;  // as the file has them; the tensors decide
  DType out_type = DType::float32;
  static const AttributeType kType;
};
extern const OpDef kCast;

/// DEQUANTIZE: integers or float16 to float32.
extern const OpDef kDequantize;

/// DENSIFY: a constant that is stored sparse, in dense form.
extern const OpDef kDensify;

/// QUANTIZE: float to integers, or integers of one quantization to another.
extern const OpDef kQuantize;

/// FAKE_QUANT: rounds floats to a grid of unsigned integers and stays float; what training with quantization leaves.
struct FakeQuantAttributes {
  float min = 0;
  float max = 0;
  int32_t num_bits = 8;
  bool narrow_range = false;  // the smallest integer is left out
  static const AttributeType kType;
};
extern const OpDef kFakeQuant;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kConversionOps[] = {&kCast, &kDensify, &kDequantize, &kFakeQuant, &kQuantize};

}  // namespace narrow
