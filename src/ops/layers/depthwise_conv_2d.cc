#include "graph/attribute_type.h"
#include "ops/layers/conv_2d_float.h"
#include "ops/layers/conv_2d_integer.h"
#include "ops/layers/layers.h"
#include "portable/layers/depthwise_conv2d.h"
#include "rows/layers.h"

namespace narrow {
namespace {

// The multiplier is what the shapes say: the attribute repeats it, and runtimes do not agree on which they trust.
Result<ConvGeometry> geometry_depthwise_conv_2d(const OpView& op) {
  const Shape& w = op.input(1).shape;
  if (w.rank() != 4 || w[0] != 1)
    return fail(ErrorKind::bad_file, "the weights have shape " + w.text() + ", not [1, h, w, channels]");
  const auto& a = op.attributes<DepthwiseConv2dAttributes>();
  NARROW_TRY(ConvGeometry g, conv_geometry(op.input(0).shape, w[1], w[2], w[3],
                                           {a.padding, a.stride_h, a.stride_w, a.dilation_h, a.dilation_w}));
  if (w[3] % g.input_c != 0)
    return fail(ErrorKind::bad_file,
                "weights " + w.text() + " are not a multiple of the data's " + std::to_string(g.input_c) + " channels");
  NARROW_CHECK(check_bias(op, 2, w[3]));
  return g;
}

Result<std::vector<Shape>> infer_depthwise_conv_2d(const OpView& op) {
  NARROW_TRY(ConvGeometry const g, geometry_depthwise_conv_2d(op));
  NARROW_TRY(Shape shape, Shape::make(std::array{g.batches, g.output_h, g.output_w, g.output_c}));
  return std::vector{shape};
}

ChannelFlow channels_depthwise_conv_2d(const OpView& op) {
  auto const g = geometry_depthwise_conv_2d(op);
  if (!g) return ChannelFlow::mixed;
  return g->is_bordered() ? ChannelFlow::bordered : ChannelFlow::layer;
}

void fit_channels_depthwise_conv_2d(Graph& graph, Op& op) {
  OpView const view{graph, op};
  auto a = view.attributes<DepthwiseConv2dAttributes>();
  a.depth_multiplier = view.output().shape.back() / view.input(0).shape.back();
  op.attributes = a;
}

Result<SumInputs> sum_inputs_depthwise_conv_2d(const OpView& op) {
  NARROW_TRY(ConvGeometry const g, geometry_depthwise_conv_2d(op));
  return sum_inputs_of(g, 1, true);
}

int64_t macs_depthwise_conv_2d(const OpView& op) {
  return op.output().elements() * op.input(1).shape.product(1, 3);
}

Result<Step> lower_depthwise_conv_2d(const OpView& op, const LowerContext& context) {
  NARROW_TRY(ConvGeometry const g, geometry_depthwise_conv_2d(op));
  NARROW_TRY(Numbers const numbers, numbers_of(op.input(0), op.input(1), op.maybe_input(2), op.output()));
  if (numbers == Numbers::integers) return lower_integer_depthwise(op, g, context);
  NARROW_TRY(Interval const clamp, fused_interval(op.attributes<DepthwiseConv2dAttributes>().activation));
  nw_depthwise_conv2d_params sizes{};
  sizes.window = g;
  return with_sizes(
      lower_float_conv(op, {.geometry = g, .depthwise = true, .clamp = clamp, .hybrid = numbers == Numbers::hybrid},
                       context),
      kDepthwiseConv2dSizes, sizes);
}

int version_depthwise_conv_2d(const OpView& op) {
  auto const& a = op.attributes<DepthwiseConv2dAttributes>();
  return a.dilation_h != 1 || a.dilation_w != 1 ? 2 : 1;
}

}  // namespace

constexpr AttributeField kDepthwiseConv2dFields[] = {
    field<&DepthwiseConv2dAttributes::padding>("padding"),
    field<&DepthwiseConv2dAttributes::stride_h>("stride_h"),
    field<&DepthwiseConv2dAttributes::stride_w>("stride_w"),
    field<&DepthwiseConv2dAttributes::dilation_h>("dilation_h"),
    field<&DepthwiseConv2dAttributes::dilation_w>("dilation_w"),
    field<&DepthwiseConv2dAttributes::depth_multiplier>("depth_multiplier"),
    field<&DepthwiseConv2dAttributes::activation>("activation"),
};
const AttributeType DepthwiseConv2dAttributes::kType =
    attribute_type<DepthwiseConv2dAttributes>("DepthwiseConv2d", kDepthwiseConv2dFields);

const OpDef kDepthwiseConv2d{
    .name = "DEPTHWISE_CONV_2D",
    .attributes = &DepthwiseConv2dAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 3},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::weight, Role::bias},
              .weight_axis = 3,
              .versions = {.int8 = 3, .int16 = 5, .int8_int4 = 7, .dynamic = 6},
              .rounds_by_rule = true},
    .infer = infer_depthwise_conv_2d,
    .lower = lower_depthwise_conv_2d,
    .macs = macs_depthwise_conv_2d,
    .version = version_depthwise_conv_2d,
    .channels = channels_depthwise_conv_2d,
    .sum_inputs = sum_inputs_depthwise_conv_2d,
    .fit_channels = fit_channels_depthwise_conv_2d,
    .fuses_activation = true,
    .weight_layout = WeightLayout::depthwise,
    .short_name = "DW",
};

}  // namespace narrow
