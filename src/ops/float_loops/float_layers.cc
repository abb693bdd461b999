// The float layers of a build without XNNPACK.
#include "ops/float_layers/float_layers.h"

#include "ops/float_loops/float_loops.h"

namespace narrow {

const char* const kFloatLayerMaker = "blocked loops";

Result<FloatLayerPtr> make_float_conv(const FloatConv& conv, const float* weights, const float* bias) {
  return float_loops::make_conv(conv, weights, bias);
}

Result<FloatLayerPtr> make_float_dense(const DenseGeometry& geometry, const Interval& clamp, const float* weights,
                                       const float* bias) {
  return float_loops::make_dense(geometry, clamp, weights, bias);
}

Result<FloatLayerPtr> make_float_transpose_conv(const ConvGeometry& geometry, const Interval& clamp,
                                                const float* weights, const float* bias) {
  return float_loops::make_transpose_conv(geometry, clamp, weights, bias);
}

}  // namespace narrow
