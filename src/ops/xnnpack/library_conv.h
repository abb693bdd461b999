// A float convolution by XNNPACK, its memory bounded.
#pragma once

#include "ops/layers/conv_2d_float.h"
#include "ops/xnnpack/xnnpack.h"

namespace narrow {

/// A convolution with its weights packed. Large images go through the library in bands of result rows: it keeps a
/// pointer for each tap of each result pixel it is set up for, which for whole images is more than the values
/// themselves. What a pixel comes to does not depend on the band it is in.
class LibraryConv {
 public:
  /// `weights` and `bias` (may be null) are copied. Errors: unsupported.
  static Result<LibraryConv> create(const FloatConv& conv, const float* weights, const float* bias);

  /// Floats that `run` wants for itself.
  int64_t scratch_floats() const;

  /// Convolves `images` images at `x` into `y`.
  void run(const float* x, float* y, int images, float* scratch) const;

 private:
  LibraryConv(const ConvGeometry& geometry, int rows, xnn::Operator op)
      : g_(geometry), rows_(rows), op_(std::move(op)) {}
  int band_inputs() const;
  void run_band(const float* image, float* y, int first, float* scratch) const;

  ConvGeometry g_;
  int rows_;  // of results in a band; g_.out_h: no bands
  xnn::Operator op_;
};

}  // namespace narrow
