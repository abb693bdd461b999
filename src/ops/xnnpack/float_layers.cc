// The float layers by XNNPACK.
#include "ops/float_layers/float_layers.h"

#include "ops/xnnpack/library_conv.h"
#include "ops/xnnpack/xnnpack.h"

namespace narrow {
namespace {

class Conv final : public FloatLayer {
 public:
  explicit Conv(LibraryConv library) : library_(std::move(library)) {}
  int64_t scratch_floats() const override { return library_.scratch_floats(); }
  void run(const float* x, float* y, int64_t count, float* scratch) const override {
    library_.run(x, y, static_cast<int>(count), scratch);
  }

 private:
  LibraryConv library_;
};

class Dense final : public FloatLayer {
 public:
  explicit Dense(xnn::Operator library) : library_(std::move(library)) {}
  void run(const float* x, float* y, int64_t count, float*) const override {
    xnn::run_fully_connected(library_, count, x, y);
  }

 private:
  xnn::Operator library_;
};

class TransposeConv final : public FloatLayer {
 public:
  TransposeConv(const ConvGeometry& g, int added_h, int added_w, xnn::Operator library)
      : g_(g),
        added_h_(static_cast<uint32_t>(added_h)),
        added_w_(static_cast<uint32_t>(added_w)),
        library_(std::move(library)) {}
  void run(const float* x, float* y, int64_t count, float*) const override {
    xnn::run_deconvolution(library_, {static_cast<int>(count), g_.input_h, g_.input_w}, added_h_, added_w_, x, y);
  }

 private:
  ConvGeometry g_;
  uint32_t added_h_, added_w_;
  xnn::Operator library_;
};

/// What the library needs beside what is cut before the data: what is cut behind it, or, negative, what is added.
int behind(int in, int filter, int stride, int before, int out) {
  return (in - 1) * stride + filter - before - out;
}

}  // namespace

const char* const kFloatLayerMaker = "XNNPACK";

Result<FloatLayerPtr> make_float_conv(const FloatConv& conv, const float* weights, const float* bias) {
  NARROW_TRY(LibraryConv library, LibraryConv::create(conv, weights, bias));
  return std::make_shared<const Conv>(std::move(library));
}

Result<FloatLayerPtr> make_float_dense(const DenseGeometry& geometry, const Interval& clamp, const float* weights,
                                       const float* bias) {
  auto const in = static_cast<size_t>(geometry.in), out = static_cast<size_t>(geometry.out);
  NARROW_TRY(xnn::Operator library, xnn::create("dense layer", xnn_create_fully_connected_nc_f32, in, out, in, out,
                                                weights, bias, clamp.lo, clamp.hi, 0u));
  return std::make_shared<const Dense>(std::move(library));
}

Result<FloatLayerPtr> make_float_transpose_conv(const ConvGeometry& g, const Interval& clamp, const float* weights,
                                                const float* bias) {
  int const below = behind(g.input_h, g.filter_h, g.stride_h, g.pad_top, g.output_h);
  int const right = behind(g.input_w, g.filter_w, g.stride_w, g.pad_left, g.output_w);
  // The library reads outside of the data where a result is smaller than the stride.
  bool const tiny = g.output_h < g.stride_h || g.output_w < g.stride_w;
  if (tiny || below <= -g.stride_h || right <= -g.stride_w) return FloatLayerPtr();
  auto u = [](int v) { return static_cast<uint32_t>(std::max(v, 0)); };
  auto n = [](int v) { return static_cast<size_t>(v); };
  NARROW_TRY(
      xnn::Operator library,
      xnn::create("transposed convolution", xnn_create_deconvolution2d_nhwc_f32, u(g.pad_top), u(right), u(below),
                  u(g.pad_left), u(g.filter_h), u(g.filter_w), u(g.stride_h), u(g.stride_w), 1u, 1u, 1u, n(g.input_c),
                  n(g.output_c), n(g.input_c), n(g.output_c), weights, bias, clamp.lo, clamp.hi, 0u));
  return std::make_shared<const TransposeConv>(g, std::max(-below, 0), std::max(-right, 0), std::move(library));
}

}  // namespace narrow
