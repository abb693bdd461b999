#include "ops/layers/transpose_conv_float.h"

#include "ops/float_layers/float_layers.h"
#include "ops/layers/layers.h"

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

}  // namespace

Result<Step> lower_float_transpose_conv(const OpView& op, const ConvGeometry& geometry, const LowerContext& context) {
  NARROW_TRY(Interval const clamp, fused_interval(op.attributes<TransposeConvAttributes>().activation));
  const Tensor& weights = op.input(kTransposeConvWeights);
  const Tensor* bias = op.maybe_input(kTransposeConvBias);
  FloatLayerPtr layer;
  if (weights.constant && (!bias || bias->constant) && !context.reference) {
    NARROW_TRY(layer, make_float_transpose_conv(geometry, clamp, weights.values<float>().data(),
                                                bias ? bias->values<float>().data() : nullptr));
  }
  if (!layer)
    return Step{.run =
                    [l = Layer{geometry, clamp}](const StepArgs& a) {
                      auto operand = [&](size_t i) { return static_cast<const float*>(a.in[i]); };
                      plain_transpose_conv(l, operand(kTransposeConvData), operand(kTransposeConvWeights),
                                           operand(kTransposeConvBias), static_cast<float*>(a.out[0]));
                    },
                .host_only = true,
                .kernel = "float, plain loops"};
  return Step{.run =
                  [layer, images = geometry.batches](const StepArgs& a) {
                    layer->run(static_cast<const float*>(a.in[kTransposeConvData]), static_cast<float*>(a.out[0]),
                               int64_t{images} * a.batch, nullptr);
                  },
              .batched = true,
              .host_only = true,
              .kernel = std::string("float, ") + kFloatLayerMaker};
}

}  // namespace narrow
