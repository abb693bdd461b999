// BATCH_MATMUL: products of the matrices in the last two dimensions; those before them broadcast.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct BatchMatmulAttributes {
  bool adjoint_a = false;  // the matrices of operand 0 are stored transposed
  bool adjoint_b = false;
  bool asymmetric_quantize_inputs = false;  // how float data meets integer weights
  static const AttributeType kType;
};

extern const OpDef kBatchMatmul;

}  // namespace narrow
