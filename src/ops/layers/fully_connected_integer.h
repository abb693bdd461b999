// FULLY_CONNECTED over integers.
#pragma once

#include "ops/layers/fully_connected_float.h"

namespace narrow {

/// Operands 0, 1, 2 are int8 or int16 data, int8 or int16 weights, and bias (may be left out).
Result<Step> lower_integer_fully_connected(const OpView& op, const DenseGeometry& geometry,
                                           const LowerContext& context);

}  // namespace narrow
