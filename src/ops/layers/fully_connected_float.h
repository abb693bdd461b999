// FULLY_CONNECTED over real numbers.
#pragma once

#include "ops/layers/convolution.h"

namespace narrow {

/// `rows` vectors of `in` values, each to `out` values; weights are [out, in].
struct DenseGeometry {
  int64_t rows = 1;
  int in = 1;
  int out = 1;
};

/// Operands 0, 1, 2 are data, weights and bias (bias may be left out). `hybrid`: weights are integers, and each row
/// of the data is rounded to its own 8-bit grid first.
Result<Step> lower_float_fully_connected(const OpView& op, const DenseGeometry& geometry, bool hybrid,
                                         const LowerContext& context);

}  // namespace narrow
