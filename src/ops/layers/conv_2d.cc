#include "graph/attribute_type.h"
#include "ops/layers/conv_2d_float.h"
#include "ops/layers/conv_2d_integer.h"
#include "ops/layers/layers.h"
#include "portable/layers/conv2d.h"
#include "rows/layers.h"

namespace narrow {
namespace {

Result<ConvGeometry> geometry_conv_2d(const OpView& op) {
  const Shape& w = op.input(1).shape;
  if (w.rank() != 4) return fail(ErrorKind::bad_file, "the weights have shape " + w.text() + ", not OHWI");
  const auto& a = op.attributes<Conv2dAttributes>();
  NARROW_TRY(ConvGeometry g, conv_geometry(op.input(0).shape, w[1], w[2], w[0],
                                           {a.padding, a.stride_h, a.stride_w, a.dilation_h, a.dilation_w}));
  if (w[3] < 1 || w[0] < 1 || g.input_c % w[3] != 0 || w[0] % (g.input_c / w[3]) != 0)
    return fail(ErrorKind::bad_file, "weights " + w.text() + " do not divide the data's " + std::to_string(g.input_c) +
                                         " channels into groups");
  NARROW_CHECK(check_bias(op, 2, w[0]));
  return g;
}

Result<std::vector<Shape>> infer_conv_2d(const OpView& op) {
  NARROW_TRY(ConvGeometry const g, geometry_conv_2d(op));
  NARROW_TRY(Shape shape, Shape::make(std::array{g.batches, g.output_h, g.output_w, g.output_c}));
  return std::vector{shape};
}

ChannelFlow channels_conv_2d(const OpView& op) {
  auto const g = geometry_conv_2d(op);
  if (!g || g->input_c != op.input(1).shape[3]) return ChannelFlow::mixed;
  return g->is_bordered() ? ChannelFlow::bordered : ChannelFlow::layer;
}

Result<SumInputs> sum_inputs_conv_2d(const OpView& op) {
  NARROW_TRY(ConvGeometry const g, geometry_conv_2d(op));
  return sum_inputs_of(g, op.input(1).shape[3], false);
}

int64_t macs_conv_2d(const OpView& op) {
  return op.output().elements() * op.input(1).shape.product(1, 4);
}

Result<Step> lower_conv_2d(const OpView& op, const LowerContext& context) {
  NARROW_TRY(ConvGeometry const g, geometry_conv_2d(op));
  NARROW_TRY(Numbers const numbers, numbers_of(op.input(0), op.input(1), op.maybe_input(2), op.output()));
  int const groups = g.input_c / op.input(1).shape[3];
  if (numbers == Numbers::integers) return lower_integer_conv(op, g, context);
  NARROW_TRY(Interval const clamp, fused_interval(op.attributes<Conv2dAttributes>().activation));
  nw_conv2d_params sizes{};
  sizes.window = g;
  sizes.filter_c = op.input(1).shape[3];
  return with_sizes(
      lower_float_conv(op, {.geometry = g, .groups = groups, .clamp = clamp, .hybrid = numbers == Numbers::hybrid},
                       context),
      kConv2dSizes, sizes);
}

}  // namespace

constexpr AttributeField kConv2dFields[] = {
    field<&Conv2dAttributes::padding>("padding"),
    field<&Conv2dAttributes::stride_h>("stride_h"),
    field<&Conv2dAttributes::stride_w>("stride_w"),
    field<&Conv2dAttributes::dilation_h>("dilation_h"),
    field<&Conv2dAttributes::dilation_w>("dilation_w"),
    field<&Conv2dAttributes::activation>("activation"),
    field<&Conv2dAttributes::quantized_bias_type>("quantized_bias_type"),
};
const AttributeType Conv2dAttributes::kType = attribute_type<Conv2dAttributes>("Conv2d", kConv2dFields);

const OpDef kConv2d{
    .name = "CONV_2D",
    .attributes = &Conv2dAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 3},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::weight, Role::bias},
              .weight_axis = 0,
              .versions = {.int8 = 3, .int16 = 4, .int8_int4 = 7, .dynamic = 5},
              .rounds_by_rule = true},
    .infer = infer_conv_2d,
    .lower = lower_conv_2d,
    .macs = macs_conv_2d,
    .channels = channels_conv_2d,
    .sum_inputs = sum_inputs_conv_2d,
    .fuses_activation = true,
    .weight_layout = WeightLayout::ohwi,
    .short_name = "CONV",
};

}  // namespace narrow
