// CONV_2D and DEPTHWISE_CONV_2D over integers.
#pragma once

#include "ops/layers/convolution.h"

namespace narrow {

/// Operands 0, 1, 2 are int8 or int16 data, int8 or int16 weights, and bias (may be left out).
Result<Step> lower_integer_conv(const OpView& op, const ConvGeometry& geometry, const LowerContext& context);
Result<Step> lower_integer_depthwise(const OpView& op, const ConvGeometry& geometry, const LowerContext& context);

}  // namespace narrow
