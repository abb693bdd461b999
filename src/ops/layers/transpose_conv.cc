#include "host/transpose_conv.h"

#include <limits>

#include "graph/attribute_type.h"
#include "ops/layers/layer_call.h"
#include "ops/layers/layer_roundings.h"
#include "ops/layers/layers.h"
#include "ops/layers/transpose_conv_float.h"
#include "portable/layers/transpose_conv.h"
#include "rows/layers.h"

namespace narrow {
namespace {

/// What is cut off before the first element of a dimension of the full result: the padding that the convolution from
/// the result to the data would have. VALID cuts nothing. A full result has fewer than 2^31 positions.
Result<int> cut(int in, int out, int filter, int stride, Padding padding) {
  if (stride < 1 || filter < 1)
    return fail(ErrorKind::bad_file,
                "filter " + std::to_string(filter) + " and stride " + std::to_string(stride) + " must be positive");
  if (static_cast<int64_t>(in) * stride + filter > std::numeric_limits<int>::max())
    return fail(ErrorKind::bad_file, "a length of " + std::to_string(in) + " under stride " + std::to_string(stride) +
                                         " and filter " + std::to_string(filter) + " passes 2^31 - 1");
  if (padding == Padding::valid) return 0;
  NARROW_TRY(Window const w, slide(out, filter, stride, 1, padding));
  return w.pad_before;
}

Result<void> check_operands_transpose_conv(const Shape& x, const Shape& w) {
  if (x.rank() == 4 && w.rank() == 4 && x[3] == w[3] && w[0] >= 1 && w[3] >= 1) return {};
  return fail(ErrorKind::bad_file, "data " + x.text() + " and weights " + w.text() + " do not fit together");
}

/// `in` is the data, `out` the result; padding is what is cut off the full result.
Result<ConvGeometry> geometry_transpose_conv(const OpView& op, const Shape& y) {
  const auto& a = op.attributes<TransposeConvAttributes>();
  const Shape& x = op.input(kTransposeConvData).shape;
  const Shape& w = op.input(kTransposeConvWeights).shape;
  NARROW_CHECK(check_operands_transpose_conv(x, w));
  if (y.rank() != 4 || y[3] != w[0] || y[0] != x[0])
    return fail(ErrorKind::bad_file,
                "data " + x.text() + ", weights " + w.text() + " and result " + y.text() + " do not fit together");
  ConvGeometry g{};
  NARROW_TRY(g.pad_top, cut(x[1], y[1], w[1], a.stride_h, a.padding));
  NARROW_TRY(g.pad_left, cut(x[2], y[2], w[2], a.stride_w, a.padding));
  NARROW_CHECK(check_bias(op, kTransposeConvBias, w[0]));
  g.batches = x[0];
  g.input_h = x[1], g.input_w = x[2], g.input_c = x[3];
  g.filter_h = w[1], g.filter_w = w[2];
  g.output_h = y[1], g.output_w = y[2], g.output_c = y[3];
  g.stride_h = a.stride_h, g.stride_w = a.stride_w;
  g.dilation_h = g.dilation_w = 1;
  return g;
}

Result<std::vector<Shape>> infer_transpose_conv(const OpView& op) {
  const Tensor& shape = op.input(0);
  NARROW_CHECK(
      check_operands_transpose_conv(op.input(kTransposeConvData).shape, op.input(kTransposeConvWeights).shape));
  if (!shape.known() || shape.dtype != DType::int32) return std::vector{op.output().shape};
  NARROW_TRY(Shape out, Shape::make(shape.values<int32_t>()));
  NARROW_CHECK(geometry_transpose_conv(op, out));
  return std::vector{out};
}

Result<SumInputs> sum_inputs_transpose_conv(const OpView& op) {
  NARROW_TRY(ConvGeometry const g, geometry_transpose_conv(op, op.output().shape));
  return sum_inputs_of(g, g.input_c, false, true);
}

int64_t macs_transpose_conv(const OpView& op) {
  return op.input(kTransposeConvData).elements() * op.input(kTransposeConvWeights).shape.product(0, 3);
}

int version_transpose_conv(const OpView& op) {
  return op.has_input(kTransposeConvBias) ? 3 : 1;
}

Result<Step> lower_integer_transpose_conv(const OpView& op, const ConvGeometry& g, const LowerContext& context) {
  const auto& a = op.attributes<TransposeConvAttributes>();
  LayerRoundings roundings = kRoundingsTransposeConv[context.profile];
  // XNNPACK leaves this form to LiteRT's own kernel.
  bool const sparse = a.padding == Padding::same && (g.filter_h < g.stride_h || g.filter_w < g.stride_w);
  if (roundings.int8 == Rounding::float32 && sparse) roundings.int8 = Rounding::mixed;
  LayerOperands const operands{.data = kTransposeConvData,
                               .weights = kTransposeConvWeights,
                               .bias = kTransposeConvBias,
                               .channels = g.output_c,
                               .inner = op.input(kTransposeConvWeights).shape.product(1, 4),
                               .period = g.output_c,
                               .stated_bias = a.quantized_bias_type};
  NARROW_TRY(IntegerLayer const layer, integer_layer(op, operands, a.activation, roundings, context.profile, false));
  nw_transpose_conv_params params{};
  params.window = g;
  return layer_step(transpose_conv_kernels(), params, op, operands, layer);
}

Result<Step> lower_transpose_conv(const OpView& op, const LowerContext& context) {
  NARROW_TRY(ConvGeometry const g, geometry_transpose_conv(op, op.output().shape));
  NARROW_TRY(Numbers const numbers, numbers_of(op.input(kTransposeConvData), op.input(kTransposeConvWeights),
                                               op.maybe_input(kTransposeConvBias), op.output()));
  if (numbers == Numbers::integers) return lower_integer_transpose_conv(op, g, context);
  nw_transpose_conv_params sizes{};
  sizes.window = g;
  if (numbers == Numbers::floats)
    return with_sizes(lower_float_transpose_conv(op, g, context), kTransposeConvSizes, sizes);
  return fail(ErrorKind::unsupported, "nothing computes float data with integer weights here");
}

}  // namespace

constexpr AttributeField kTransposeConvFields[] = {
    field<&TransposeConvAttributes::padding>("padding"),
    field<&TransposeConvAttributes::stride_h>("stride_h"),
    field<&TransposeConvAttributes::stride_w>("stride_w"),
    field<&TransposeConvAttributes::activation>("activation"),
    field<&TransposeConvAttributes::quantized_bias_type>("quantized_bias_type"),
};
const AttributeType TransposeConvAttributes::kType =
    attribute_type<TransposeConvAttributes>("TransposeConv", kTransposeConvFields);

const OpDef kTransposeConv{
    .name = "TRANSPOSE_CONV",
    .attributes = &TransposeConvAttributes::kType,
    .arity = {.min_inputs = 3, .max_inputs = 4},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::index, Role::weight, Role::activation, Role::bias},
              .weight_axis = 0,
              .versions = {.int8 = 3, .int16 = 3},
              .rounds_by_rule = true},
    .infer = infer_transpose_conv,
    .lower = lower_transpose_conv,
    .macs = macs_transpose_conv,
    .version = version_transpose_conv,
    .sum_inputs = sum_inputs_transpose_conv,
    .weight_layout = WeightLayout::ohwi,
    .shape_operand = 0,
    .short_name = "TCONV",
};

}  // namespace narrow
