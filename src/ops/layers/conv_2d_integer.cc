#include "ops/layers/conv_2d_integer.h"

#include "ops/layers/layer_call.h"
#include "ops/layers/layer_roundings.h"
#include "ops/layers/layers.h"

extern "C" {
#include "portable/layers/conv2d.h"
#include "portable/layers/depthwise_conv2d.h"
}

namespace narrow {

Result<Step> lower_integer_conv(const OpView& op, const ConvGeometry& g, const LowerContext& context) {
  LayerRoundings roundings = kRoundingsConv2d[context.profile];
  int const group_in = op.input(1).shape[3];
  // Where there are several groups, all runtimes take their reference kernel.
  if (g.input_c > group_in) roundings.int16_bias32 = roundings.int8_int4 = Rounding::double_away;
  const auto& a = op.attributes<Conv2dAttributes>();
  LayerOperands const operands{.channels = g.output_c,
                               .inner = op.input(1).shape.product(1, 4),
                               .period = g.output_c,
                               .stated_bias = a.quantized_bias_type};
  NARROW_TRY(IntegerLayer const layer, integer_layer(op, operands, a.activation, roundings, context.profile, false));
  nw_conv2d_params params{};
  params.window = g;
  params.filter_c = group_in;
  return layer_step(conv2d_kernels(), params, op, operands, layer);
}

Result<Step> lower_integer_depthwise(const OpView& op, const ConvGeometry& g, const LowerContext& context) {
  LayerOperands const operands{.channels = g.output_c, .inner = 1, .period = g.output_c};
  NARROW_TRY(IntegerLayer const layer,
             integer_layer(op, operands, op.attributes<DepthwiseConv2dAttributes>().activation,
                           kRoundingsDepthwiseConv2d[context.profile], context.profile, false));
  nw_depthwise_conv2d_params params{};
  params.window = g;
  return layer_step(depthwise_conv2d_kernels(), params, op, operands, layer);
}

}  // namespace narrow
