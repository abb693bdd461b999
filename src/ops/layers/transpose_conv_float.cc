#include "ops/layers/transpose_conv_float.h"

#include "ops/layers/layers.h"
#include "ops/xnnpack/xnnpack.h"

namespace narrow {
namespace {

struct Layer {
  ConvGeometry g;
  Interval clamp;
};

/// Adds what one input pixel gives to the result of its sample.
void scatter(const ConvGeometry& g, const float* pixel, int iy, int ix, const float* w, float* y) {
  for (int fy = 0; fy < g.filter_h; ++fy) {
    int const oy = iy * g.stride_h + fy - g.pad_top;
    if (oy < 0 || oy >= g.output_h) continue;
    for (int fx = 0; fx < g.filter_w; ++fx) {
      int const ox = ix * g.stride_w + fx - g.pad_left;
      if (ox < 0 || ox >= g.output_w) continue;
      float* to = y + (static_cast<int64_t>(oy) * g.output_w + ox) * g.output_c;
      for (int o = 0; o < g.output_c; ++o) {
        const float* tap = w + ((static_cast<int64_t>(o) * g.filter_h + fy) * g.filter_w + fx) * g.input_c;
        for (int i = 0; i < g.input_c; ++i) to[o] += pixel[i] * tap[i];
      }
    }
  }
}

void plain_transpose_conv(const Layer& l, const float* x, const float* w, const float* bias, float* y) {
  const ConvGeometry& g = l.g;
  int64_t const results = static_cast<int64_t>(g.output_h) * g.output_w * g.output_c;
  for (int b = 0; b < g.batches; ++b, y += results) {
    for (int64_t i = 0; i < results; ++i) y[i] = bias ? bias[i % g.output_c] : 0.0f;
    for (int iy = 0; iy < g.input_h; ++iy)
      for (int ix = 0; ix < g.input_w; ++ix, x += g.input_c) scatter(g, x, iy, ix, w, y);
    for (int64_t i = 0; i < results; ++i) y[i] = l.clamp.clamp(y[i]);
  }
}

/// What the library needs beside what is cut before the data: what is cut behind it, or, negative, what is added.
int behind(int in, int filter, int stride, int before, int out) {
  return (in - 1) * stride + filter - before - out;
}

Result<xnn::Operator> library_transpose_conv(const Layer& l, const float* w, const float* bias) {
  const ConvGeometry& g = l.g;
  auto u = [](int v) { return static_cast<uint32_t>(v); };
  auto n = [](int v) { return static_cast<size_t>(v); };
  return xnn::create("transposed convolution", xnn_create_deconvolution2d_nhwc_f32, u(g.pad_top), u(g.pad_right),
                     u(g.pad_bottom), u(g.pad_left), u(g.filter_h), u(g.filter_w), u(g.stride_h), u(g.stride_w), 1u, 1u,
                     1u, n(g.input_c), n(g.output_c), n(g.input_c), n(g.output_c), w, bias, l.clamp.lo, l.clamp.hi, 0u);
}

}  // namespace

Result<Step> lower_float_transpose_conv(const OpView& op, const ConvGeometry& geometry, const LowerContext& context) {
  NARROW_TRY(Interval const clamp, fused_interval(op.attributes<TransposeConvAttributes>().activation));
  Layer l{geometry, clamp};
  ConvGeometry& g = l.g;
  int const below = behind(g.input_h, g.filter_h, g.stride_h, g.pad_top, g.output_h);
  int const right = behind(g.input_w, g.filter_w, g.stride_w, g.pad_left, g.output_w);
  const Tensor& weights = op.input(kTransposeConvWeights);
  const Tensor* bias = op.maybe_input(kTransposeConvBias);
  bool const constant = weights.constant && (!bias || bias->constant);
  // The library reads outside of the data where a result is smaller than the stride.
  bool const tiny = g.output_h < g.stride_h || g.output_w < g.stride_w;
  if (context.reference || !constant || tiny || below <= -g.stride_h || right <= -g.stride_w)
    return Step{.run =
                    [l](const StepArgs& a) {
                      auto operand = [&](size_t i) { return static_cast<const float*>(a.in[i]); };
                      plain_transpose_conv(l, operand(kTransposeConvData), operand(kTransposeConvWeights),
                                           operand(kTransposeConvBias), static_cast<float*>(a.out[0]));
                    },
                .host_only = true,
                .kernel = "float, plain loops"};
  g.pad_bottom = std::max(below, 0);
  g.pad_right = std::max(right, 0);
  auto const added_h = static_cast<uint32_t>(std::max(-below, 0)), added_w = static_cast<uint32_t>(std::max(-right, 0));
  NARROW_TRY(xnn::Operator library,
             library_transpose_conv(l, weights.values<float>().data(), bias ? bias->values<float>().data() : nullptr));
  return Step{.run =
                  [g = l.g, library, added_h, added_w](const StepArgs& a) {
                    xnn::run_deconvolution(library, {g.batches * a.batch, g.input_h, g.input_w}, added_h, added_w,
                                           static_cast<const float*>(a.in[kTransposeConvData]),
                                           static_cast<float*>(a.out[0]));
                  },
              .batched = true,
              .host_only = true,
              .kernel = "float, XNNPACK"};
}

}  // namespace narrow
