#include "ops/layers/conv_2d_float.h"

#include "ops/float_layers/float_layers.h"

namespace narrow {
namespace {

/// Sum over the window of one output element; the definition, one tap after the other.
float window_sum(const FloatConv& c, const float* x, const float* w, int oy, int ox, int o) {
  const ConvGeometry& g = c.geometry;
  int const group_in = c.depthwise ? 1 : g.input_c / c.groups;
  int const first = c.depthwise ? o / (g.output_c / g.input_c) : o / (g.output_c / c.groups) * group_in;
  float sum = 0;
  for (int fy = 0; fy < g.filter_h; ++fy) {
    int const y = oy * g.stride_h - g.pad_top + fy * g.dilation_h;
    if (y < 0 || y >= g.input_h) continue;
    for (int fx = 0; fx < g.filter_w; ++fx) {
      int const xx = ox * g.stride_w - g.pad_left + fx * g.dilation_w;
      if (xx < 0 || xx >= g.input_w) continue;
      const float* px = x + (static_cast<int64_t>(y) * g.input_w + xx) * g.input_c + first;
      int64_t const tap = static_cast<int64_t>(fy) * g.filter_w + fx;
      const float* pw = c.depthwise ? w + tap * g.output_c + o
                                    : w + (static_cast<int64_t>(o) * g.filter_h * g.filter_w + tap) * group_in;
      for (int i = 0; i < group_in; ++i) sum += px[i] * pw[i];
    }
  }
  return sum;
}

void plain_conv(const FloatConv& c, const float* x, const float* w, const float* bias, float* y) {
  const ConvGeometry& g = c.geometry;
  int64_t const image = static_cast<int64_t>(g.input_h) * g.input_w * g.input_c;
  for (int b = 0; b < g.batches; ++b)
    for (int oy = 0; oy < g.output_h; ++oy)
      for (int ox = 0; ox < g.output_w; ++ox)
        for (int o = 0; o < g.output_c; ++o)
          *y++ = c.clamp.clamp(window_sum(c, x + b * image, w, oy, ox, o) + (bias ? bias[o] : 0.0f));
}

}  // namespace

Result<Step> lower_float_conv(const OpView& op, const FloatConv& conv, const LowerContext& context) {
  const Tensor& weights = op.input(1);
  const Tensor* bias = op.maybe_input(2);
  bool const constant = weights.constant && (!bias || bias->constant);
  int64_t const samples = op.input(0).elements();
  // Only integers are copied: float weights are packed from where they are.
  bool const integers = weights.constant && weights.dtype != DType::float32;
  std::vector<float> const w = integers ? real_values_of(weights) : std::vector<float>();
  if (!constant || context.reference)
    return Step{.run =
                    [conv, w, samples](const StepArgs& a) {
                      auto const* x = static_cast<const float*>(a.in[0]);
                      std::vector<float> rounded;
                      if (conv.hybrid) {
                        rounded.resize(static_cast<size_t>(samples));
                        round_to_own_grid(x, samples, rounded.data());
                        x = rounded.data();
                      }
                      plain_conv(conv, x, w.empty() ? static_cast<const float*>(a.in[1]) : w.data(),
                                 static_cast<const float*>(a.in[2]), static_cast<float*>(a.out[0]));
                    },
                .host_only = true,
                .kernel = "float, plain loops"};
  NARROW_TRY(FloatLayerPtr const layer, make_float_conv(conv, integers ? w.data() : weights.values<float>().data(),
                                                        bias ? bias->values<float>().data() : nullptr));
  int64_t const rounded = conv.hybrid ? samples * context.max_batch : 0;
  int64_t const floats = rounded + layer->scratch_floats();
  return Step{.run =
                  [conv, layer, rounded](const StepArgs& a) {
                    auto const* x = static_cast<const float*>(a.in[0]);
                    auto* scratch = reinterpret_cast<float*>(a.scratch);
                    int const images = a.batch * conv.geometry.batches;
                    if (conv.hybrid) {
                      int64_t const image =
                          int64_t{conv.geometry.input_h} * conv.geometry.input_w * conv.geometry.input_c;
                      for (int b = 0; b < images; ++b) round_to_own_grid(x + b * image, image, scratch + b * image);
                      x = scratch;
                    }
                    layer->run(x, static_cast<float*>(a.out[0]), images, scratch + rounded);
                  },
              .scratch_bytes = floats > 0 ? sizeof(float) * static_cast<size_t>(floats) + 64 : 0,
              .batched = true,
              .host_only = true,
              .kernel = std::string(conv.hybrid ? "hybrid, " : "float, ") + kFloatLayerMaker};
}

}  // namespace narrow
