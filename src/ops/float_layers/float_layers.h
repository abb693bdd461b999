// The layers over real numbers that take most of the time, where weights and bias are constant. There are two makers of
// them, of which a build has one: XNNPACK (ops/xnnpack/), and loops of narrow's own where that library is not there, as
// in a browser (ops/float_loops/). Their results differ by the rounding of sums alone.
#pragma once

#include <cstdint>
#include <memory>

#include "ops/layers/conv_2d_float.h"
#include "ops/layers/fully_connected_float.h"

namespace narrow {

/// A layer with its weights packed. One thread uses it at a time.
class FloatLayer {
 public:
  virtual ~FloatLayer() = default;

  /// Floats that `run` wants for itself.
  virtual int64_t scratch_floats() const { return 0; }

  /// From `x` to `y`: `count` images, one behind the other, or of a dense layer rows. Throws std::bad_alloc.
  virtual void run(const float* x, float* y, int64_t count, float* scratch) const = 0;
};

using FloatLayerPtr = std::shared_ptr<const FloatLayer>;

/// What messages and reports call the maker of this build.
extern const char* const kFloatLayerMaker;

// Weights and bias (may be null) are copied. Errors: unsupported.

Result<FloatLayerPtr> make_float_conv(const FloatConv& conv, const float* weights, const float* bias);
Result<FloatLayerPtr> make_float_dense(const DenseGeometry& geometry, const Interval& clamp, const float* weights,
                                       const float* bias);
/// `geometry` as lower_float_transpose_conv has it. Null for a form that the maker does not have.
Result<FloatLayerPtr> make_float_transpose_conv(const ConvGeometry& geometry, const Interval& clamp,
                                                const float* weights, const float* bias);

}  // namespace narrow
