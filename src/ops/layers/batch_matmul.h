// BATCH_MATMUL: products of the matrices in the last two dimensions; those before them broadcast.
#pragma once

#include "ops/def/op_def.h"

extern "C" {
#include "portable/arithmetic/broadcast.h"
}

namespace narrow {

struct BatchMatmulAttributes {
  bool adjoint_a = false;  // the matrices of operand 0 are stored transposed
  bool adjoint_b = false;
  bool asymmetric_quantize_inputs = false;  // how float data meets integer weights
  static const AttributeType kType;
};

/// The product, resolved.
struct MatmulGeometry {
  nw_broadcast matrices{};  // how operands 0 and 1 are walked, in whole matrices
  int rows = 0, depth = 0, cols = 0;
  int64_t a_count = 0, b_count = 0;  // matrices in each operand
  bool adjoint_a = false, adjoint_b = false;
};

extern const OpDef kBatchMatmul;

}  // namespace narrow
