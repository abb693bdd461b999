#include "ops/layers/fully_connected_integer.h"

#include "ops/layers/layer_call.h"
#include "ops/layers/layer_roundings.h"
#include "ops/layers/layers.h"

extern "C" {
#include "portable/layers/fully_connected.h"
}

namespace narrow {

Result<Step> lower_integer_fully_connected(const OpView& op, const DenseGeometry& g, const LowerContext& context) {
  const auto& a = op.attributes<FullyConnectedAttributes>();
  LayerOperands const operands{.channels = g.out, .inner = g.in, .period = g.out, .stated_bias = a.quantized_bias_type};
  const Quantization& weights = op.input(operands.weights).quantization;
  int32_t const weight_zero_point = weights.per_axis() ? 0 : weights.zero_point();
  LayerRoundings roundings = kRoundingsFullyConnected[context.profile];
  // XNNPACK leaves weights with a zero point to LiteRT's own kernel.
  if (weight_zero_point != 0 && roundings.int8 == Rounding::float32) roundings.int8 = Rounding::double_up;
  // Likewise 4-bit weights whose rows do not begin at a byte.
  if (g.in % 2 != 0 && roundings.int8_int4 == Rounding::float32) roundings.int8_int4 = Rounding::double_up;
  NARROW_TRY(IntegerLayer const layer, integer_layer(op, operands, a.activation, roundings, context.profile, true));
  nw_fully_connected_params params{};
  params.rows = static_cast<nw_i32>(g.rows);
  params.input_c = g.in;
  params.output_c = g.out;
  params.filter_zero_point = weight_zero_point;
  return layer_step(fully_connected_kernels(), params, op, operands, layer);
}

}  // namespace narrow
