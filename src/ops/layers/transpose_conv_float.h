// TRANSPOSE_CONV over real numbers.
#pragma once

#include "ops/layers/convolution.h"

namespace narrow {

// Positions of the operands.
inline constexpr size_t kTransposeConvWeights = 1, kTransposeConvData = 2, kTransposeConvBias = 3;

/// `geometry`: in_* is the data, out_* the result, pad_top and pad_left what is cut off the full result. Uses the
/// float library where it has the form and the weights are constant, plain loops otherwise.
Result<Step> lower_float_transpose_conv(const OpView& op, const ConvGeometry& geometry, const LowerContext& context);

}  // namespace narrow
