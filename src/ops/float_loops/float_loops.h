// The float layers as loops of narrow's own; what the functions take and give is said in
// ops/float_layers/float_layers.h.
#pragma once

#include "ops/float_layers/float_layers.h"

namespace narrow::float_loops {

FloatLayerPtr make_conv(const FloatConv& conv, const float* weights, const float* bias);
FloatLayerPtr make_dense(const DenseGeometry& geometry, const Interval& clamp, const float* weights, const float* bias);
FloatLayerPtr make_transpose_conv(const ConvGeometry& geometry, const Interval& clamp, const float* weights,
                                  const float* bias);

}  // namespace narrow::float_loops
