#include "ops/conv_2d_float.h"

#include "ops/xnnpack.h"

namespace narrow {
namespace {

/// Sum over the window of one output element; the definition, one tap after the other.
float window_sum(const FloatConv& c, const float* x, const float* w, int oy, int ox, int o) {
  const ConvGeometry& g = c.geometry;
  int const group_in = c.depthwise ? 1 : g.in_c / c.groups;
  int const first = c.depthwise ? o / (g.out_c / g.in_c) : o / (g.out_c / c.groups) * group_in;
  float sum = 0;
  for (int fy = 0; fy < g.filter_h; ++fy) {
    int const y = oy * g.stride_h - g.pad_top + fy * g.dilation_h;
    if (y < 0 || y >= g.in_h) continue;
    for (int fx = 0; fx < g.filter_w; ++fx) {
      int const xx = ox * g.stride_w - g.pad_left + fx * g.dilation_w;
      if (xx < 0 || xx >= g.in_w) continue;
      const float* px = x + (static_cast<int64_t>(y) * g.in_w + xx) * g.in_c + first;
      int64_t const tap = static_cast<int64_t>(fy) * g.filter_w + fx;
      const float* pw = c.depthwise ? w + tap * g.out_c + o
                                    : w + (static_cast<int64_t>(o) * g.filter_h * g.filter_w + tap) * group_in;
      for (int i = 0; i < group_in; ++i) sum += px[i] * pw[i];
    }
  }
  return sum;
}

void plain_conv(const FloatConv& c, const float* x, const float* w, const float* bias, float* y) {
  const ConvGeometry& g = c.geometry;
  int64_t const image = static_cast<int64_t>(g.in_h) * g.in_w * g.in_c;
  for (int b = 0; b < g.batches; ++b)
    for (int oy = 0; oy < g.out_h; ++oy)
      for (int ox = 0; ox < g.out_w; ++ox)
        for (int o = 0; o < g.out_c; ++o)
          *y++ = c.clamp.clamp(window_sum(c, x + b * image, w, oy, ox, o) + (bias ? bias[o] : 0.0f));
}

/// The library's form of a layer, its weights packed.
Result<xnn::Operator> library_conv(const FloatConv& c, const float* w, const float* bias) {
  NARROW_CHECK(xnn::start());
  const ConvGeometry& g = c.geometry;
  auto u = [](int v) { return static_cast<uint32_t>(v); };
  auto n = [](int v) { return static_cast<size_t>(v); };
  int const groups = c.depthwise ? g.in_c : c.groups;
  xnn_operator_t op = nullptr;
  xnn_status const status = xnn_create_convolution2d_nhwc_f32(
      u(g.pad_top), u(g.pad_right), u(g.pad_bottom), u(g.pad_left), u(g.filter_h), u(g.filter_w), u(g.stride_h),
      u(g.stride_w), u(g.dilation_h), u(g.dilation_w), u(groups), n(g.in_c / groups), n(g.out_c / groups), n(g.in_c),
      n(g.out_c), w, bias, c.clamp.lo, c.clamp.hi, c.depthwise ? XNN_FLAG_DEPTHWISE_CONVOLUTION : 0, &op);
  return xnn::own(status, op, "convolution");
}

}  // namespace

Result<Step> lower_float_conv(const OpView& op, const FloatConv& conv, const LowerContext& context) {
  const Tensor& weights = op.input(1);
  const Tensor* bias = op.maybe_input(2);
  bool const constant = weights.constant && (!bias || bias->constant);
  int64_t const samples = op.input(0).elements();
  // Only integers are copied: float weights are packed from where they are.
  bool const integers = constant && weights.dtype != DType::float32;
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
  NARROW_TRY(xnn::Operator library, library_conv(conv, integers ? w.data() : weights.values<float>().data(),
                                                 bias ? bias->values<float>().data() : nullptr));
  size_t const scratch = conv.hybrid ? sizeof(float) * static_cast<size_t>(samples * context.max_batch) + 64 : 0;
  return Step{.run =
                  [conv, library, samples](const StepArgs& a) {
                    auto const* x = static_cast<const float*>(a.in[0]);
                    if (conv.hybrid) {
                      auto* rounded = reinterpret_cast<float*>(a.scratch);
                      int const rows = a.batch * conv.geometry.batches;
                      int64_t const row = samples / conv.geometry.batches;
                      for (int b = 0; b < rows; ++b) round_to_own_grid(x + b * row, row, rounded + b * row);
                      x = rounded;
                    }
                    const ConvGeometry& g = conv.geometry;
                    xnn_setup_convolution2d_nhwc_f32(library.get(), static_cast<size_t>(g.batches * a.batch),
                                                     static_cast<size_t>(g.in_h), static_cast<size_t>(g.in_w), x,
                                                     static_cast<float*>(a.out[0]), nullptr);
                    xnn::run(library);
                  },
              .scratch_bytes = scratch,
              .batched = true,
              .host_only = true,
              .kernel = conv.hybrid ? "hybrid, XNNPACK" : "float, XNNPACK"};
}

}  // namespace narrow
