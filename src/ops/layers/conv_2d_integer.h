// CONV_2D and DEPTHWISE_CONV_2D over integers.
#pragma once

#include "ops/layers/convolution.h"

namespace narrow {

/// Operands 0, 1, 2 are int8 or int16 data, int8 weights, and bias (may be left out). The host kernels compute it, or
/// the portable ones where `context.reference` asks for them and the profile rounds in integers.
Result<Step> lower_integer_conv(const OpView& op, const ConvGeometry& geometry, const LowerContext& context);
Result<Step> lower_integer_depthwise(const OpView& op, const ConvGeometry& geometry, const LowerContext& context);

}  // namespace narrow
