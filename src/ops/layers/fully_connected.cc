#include "portable/layers/fully_connected.h"

#include "graph/attribute_type.h"
#include "ops/layers/fully_connected_float.h"
#include "ops/layers/fully_connected_integer.h"
#include "ops/layers/layers.h"
#include "rows/layers.h"

namespace narrow {
namespace {

Result<DenseGeometry> geometry_fully_connected(const OpView& op) {
  const Shape& w = op.input(1).shape;
  int64_t const elements = op.input(0).elements();
  if (w.rank() != 2 || w[0] < 1 || w[1] < 1)
    return fail(ErrorKind::bad_file, "the weights have shape " + w.text() + ", not [out, in]");
  if (elements % w[1] != 0)
    return fail(ErrorKind::bad_file,
                "data " + op.input(0).shape.text() + " is not made of rows of " + std::to_string(w[1]));
  NARROW_CHECK(check_bias(op, 2, w[0]));
  return DenseGeometry{elements / w[1], w[1], w[0]};
}

Result<std::vector<Shape>> infer_fully_connected(const OpView& op) {
  NARROW_TRY(DenseGeometry const g, geometry_fully_connected(op));
  const Shape& x = op.input(0).shape;
  std::vector<int32_t> dims;
  if (op.attributes<FullyConnectedAttributes>().keep_num_dims) {
    if (x.rank() < 1 || x.back() != g.in)
      return fail(ErrorKind::bad_file, "data " + x.text() + " does not end in " + std::to_string(g.in));
    dims.assign(x.dims().begin(), x.dims().end() - 1);
  } else {
    dims.push_back(static_cast<int32_t>(g.rows));
  }
  dims.push_back(g.out);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{shape};
}

/// Rows may hold several pixels one behind the other, with all of their channels.
ChannelFlow channels_fully_connected(const OpView& op) {
  const Shape& x = op.input(0).shape;
  bool const whole = x.rank() > 0 && x.back() > 0 && op.input(1).shape[1] % x.back() == 0;
  return whole ? ChannelFlow::layer : ChannelFlow::mixed;
}

Result<SumInputs> sum_inputs_fully_connected(const OpView& op) {
  NARROW_TRY(DenseGeometry const g, geometry_fully_connected(op));
  SumInputs out{.rows = g.rows, .taps = 1, .run = g.in, .groups = 1, .first = {}};
  for (int64_t r = 0; r < g.rows; ++r) out.first.push_back(static_cast<int32_t>(r * g.in));
  return out;
}

int64_t macs_fully_connected(const OpView& op) {
  return op.output().elements() * op.input(1).shape[1];
}

Result<Step> lower_fully_connected(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DenseGeometry const g, geometry_fully_connected(op));
  NARROW_TRY(Numbers const numbers, numbers_of(op.input(0), op.input(1), op.maybe_input(2), op.output()));
  if (numbers == Numbers::integers) return lower_integer_fully_connected(op, g, context);
  nw_fully_connected_params sizes{};
  sizes.rows = static_cast<nw_i32>(g.rows);
  sizes.input_c = g.in;
  sizes.output_c = g.out;
  return with_sizes(lower_float_fully_connected(op, g, numbers == Numbers::hybrid, context), kFullyConnectedSizes,
                    sizes);
}

}  // namespace

constexpr AttributeField kFullyConnectedFields[] = {
    field<&FullyConnectedAttributes::activation>("activation"),
    field<&FullyConnectedAttributes::keep_num_dims>("keep_num_dims"),
    field<&FullyConnectedAttributes::asymmetric_quantize_inputs>("asymmetric_quantize_inputs"),
    field<&FullyConnectedAttributes::quantized_bias_type>("quantized_bias_type"),
};
const AttributeType FullyConnectedAttributes::kType =
    attribute_type<FullyConnectedAttributes>("FullyConnected", kFullyConnectedFields);

const OpDef kFullyConnected{
    .name = "FULLY_CONNECTED",
    .attributes = &FullyConnectedAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 3},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::weight, Role::bias},
              .weight_axis = 0,
              .versions = {.int8 = 4, .int16 = 7, .int8_int4 = 10, .int16_int4 = 13, .dynamic = 9},
              .rounds_by_rule = true},
    .infer = infer_fully_connected,
    .lower = lower_fully_connected,
    .macs = macs_fully_connected,
    .channels = channels_fully_connected,
    .sum_inputs = sum_inputs_fully_connected,
    .fuses_activation = true,
    .weight_layout = WeightLayout::out_in,
    .short_name = "FC",
};

}  // namespace narrow
