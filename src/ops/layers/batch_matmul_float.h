// BATCH_MATMUL with float results: float operands, or float data and integer weights.
#pragma once

#include "ops/layers/layers.h"

extern "C" {
#include "portable/layers/batch_matmul.h"
}

namespace narrow {

Step lower_float_batch_matmul(const OpView& op, const nw_batch_matmul_params& geometry);

/// Operand 1 holds constant int8 with zero point 0; each row of operand 0 is rounded to 8 bits of its own first.
Result<Step> lower_hybrid_batch_matmul(const OpView& op, const nw_batch_matmul_params& geometry);

}  // namespace narrow
