// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED over real numbers.
#pragma once

#include "ops/layers/convolution.h"

namespace narrow {

/// A convolution whose weights are laid out as OHWI (groups = in_c / weight channels), or as 1HWO with each output
/// channel o reading input channel o / multiplier (depthwise).
struct FloatConv {
  ConvGeometry geometry;
  int groups = 1;
  bool depthwise = false;
  Interval clamp;
  bool hybrid = false;  // weights are integers: the data of each sample is rounded to its own 8-bit grid first
};

/// Operands 0, 1, 2 are data, weights and bias (bias may be left out). Uses the packed layers of ops/float_layers/
/// where weights are constant, plain loops otherwise and where `context.reference` asks for them.
Result<Step> lower_float_conv(const OpView& op, const FloatConv& conv, const LowerContext& context);

}  // namespace narrow
