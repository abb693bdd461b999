#include "ops/layers/conv_2d_integer.h"

#include "ops/layers/conv_2d.h"
#include "ops/layers/depthwise_conv_2d.h"
#include "ops/layers/layer_step.h"
#include "ops/layers/portable_output.h"

extern "C" {
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
}

namespace narrow {
namespace {

constexpr auto kConvKernels = NARROW_PORTABLE_KERNELS(nw_conv2d);
constexpr auto kDepthwiseKernels = NARROW_PORTABLE_KERNELS(nw_depthwise_conv2d);

constexpr int64_t kScratch = 16 << 20;  // bytes that any convolution may use

host::ConvGeometry host_geometry(const ConvGeometry& g, int groups) {
  return {.in_h = g.in_h,
          .in_w = g.in_w,
          .in_c = g.in_c,
          .filter_h = g.filter_h,
          .filter_w = g.filter_w,
          .out_h = g.out_h,
          .out_w = g.out_w,
          .out_c = g.out_c,
          .stride_h = g.stride_h,
          .stride_w = g.stride_w,
          .dilation_h = g.dilation_h,
          .dilation_w = g.dilation_w,
          .pad_top = g.pad_top,
          .pad_left = g.pad_left,
          .groups = groups};
}

/// The fields that both portable parameter structs have under the same names.
template <class Params>
Params portable_geometry_conv_2d_integer(const ConvGeometry& g, const IntegerLayer& l) {
  Params p{};
  p.batches = g.batches;
  p.input_h = g.in_h;
  p.input_w = g.in_w;
  p.input_c = g.in_c;
  p.filter_h = g.filter_h;
  p.filter_w = g.filter_w;
  p.output_h = g.out_h;
  p.output_w = g.out_w;
  p.stride_h = g.stride_h;
  p.stride_w = g.stride_w;
  p.dilation_h = g.dilation_h;
  p.dilation_w = g.dilation_w;
  p.pad_top = g.pad_top;
  p.pad_left = g.pad_left;
  p.input_offset = -l.input_zero_point;
  return p;
}

template <class Kernels, class Params>
Step portable_step_conv_2d_integer(const Kernels& kernels, const OpView& op, const IntegerLayer& layer,
                                   const Params& params) {
  auto const out = std::make_shared<const PortableOutput>(layer);
  DType const dtype = op.input(0).dtype;
  bool const has_bias = op.has_input(2);
  return Step{.run =
                  [&kernels, out, params, dtype, has_bias](const StepArgs& a) {
                    Params p = params;
                    p.output = out->output();
                    kernels.run(dtype, *out, p, {a.in[0], a.in[1], has_bias ? a.in[2] : nullptr, a.out[0]});
                  },
              .kernel = "integer, portable"};
}

template <class T>
Step host_conv(const OpView& op, const ConvGeometry& g, int groups, const IntegerLayer& layer, bool depthwise) {
  auto const bias = accumulator_bias<T>(layer);
  auto const packed = [&]<class W>(const W* weights) {
    auto* const pack = depthwise ? host::pack_depthwise<T, W> : host::pack_conv<T, W>;
    return pack(host_geometry(g, groups), weights, bias.empty() ? nullptr : bias.data(), layer.input_zero_point);
  };
  const Tensor& w = op.input(1);
  return layer_step<T>(w.dtype == DType::int16 ? packed(w.values<int16_t>().data()) : packed(w.values<int8_t>().data()),
                       layer, g.batches);
}

/// The step of the fast kernel, or of the portable one where the first would ask for memory out of proportion: it
/// copies the data with all padding, which a file may make as wide as it likes.
template <class Portable>
Result<Step> in_proportion(const OpView& op, const IntegerLayer& layer, Step fast, const Portable& portable) {
  int64_t const bytes = op.input(0).elements() * static_cast<int64_t>(element_bytes(op.input(0).dtype));
  if (static_cast<int64_t>(fast.scratch_bytes) <= kScratch + 4 * bytes) return fast;
  if (!layer.host_only()) return portable();
  return fail(ErrorKind::limit_exceeded, "its padded data take " + std::to_string(fast.scratch_bytes) + " bytes");
}

}  // namespace

Result<Step> lower_integer_conv(const OpView& op, const ConvGeometry& g, const LowerContext& context) {
  LayerRoundings roundings = context.profile.conv;
  int const group_in = op.input(1).shape[3], groups = g.in_c / group_in;
  if (groups > 1) roundings.int16_bias32 = context.profile.grouped_conv_bias32;
  int64_t const filter = op.input(1).shape.product(1, 4);
  const auto& a = op.attributes<Conv2dAttributes>();
  NARROW_TRY(
      IntegerLayer const layer,
      integer_layer(op, {.channels = g.out_c, .inner = filter, .period = g.out_c, .stated_bias = a.quantized_bias_type},
                    a.activation, roundings, context.profile, false));
  auto portable = [&] {
    auto p = portable_geometry_conv_2d_integer<nw_conv2d_params>(g, layer);
    p.filter_c = group_in;
    p.output_c = g.out_c;
    return portable_step_conv_2d_integer(kConvKernels, op, layer, p);
  };
  if ((context.reference && !layer.host_only()) || !fits_vectors(op.input(1))) return portable();
  bool const bytes = op.input(0).dtype == DType::int8;
  return in_proportion(
      op, layer,
      bytes ? host_conv<int8_t>(op, g, groups, layer, false) : host_conv<int16_t>(op, g, groups, layer, false),
      portable);
}

Result<Step> lower_integer_depthwise(const OpView& op, const ConvGeometry& g, const LowerContext& context) {
  NARROW_TRY(IntegerLayer const layer, integer_layer(op, {.channels = g.out_c, .inner = 1, .period = g.out_c},
                                                     op.attributes<DepthwiseConv2dAttributes>().activation,
                                                     context.profile.depthwise, context.profile, false));
  auto portable = [&] {
    auto p = portable_geometry_conv_2d_integer<nw_depthwise_conv2d_params>(g, layer);
    p.multiplier = g.out_c / g.in_c;
    return portable_step_conv_2d_integer(kDepthwiseKernels, op, layer, p);
  };
  if ((context.reference && !layer.host_only()) || !fits_vectors(op.input(1))) return portable();
  bool const bytes = op.input(0).dtype == DType::int8;
  return in_proportion(op, layer,
                       bytes ? host_conv<int8_t>(op, g, 1, layer, true) : host_conv<int16_t>(op, g, 1, layer, true),
                       portable);
}

}  // namespace narrow
