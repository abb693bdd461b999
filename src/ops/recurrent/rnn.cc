// RNN and UNIDIRECTIONAL_SEQUENCE_RNN of the .tflite format.
#include "graph/attribute_type.h"
#include "ops/recurrent/rnn_layer.h"

namespace narrow {
namespace {

Result<RnnLayer> rnn_layer(const OpView& op) {
  const Shape& x = op.input(0).shape;
  if (x.rank() != 2 || x.elements() < 1)
    return fail(ErrorKind::bad_file, "its data has shape " + x.text() + ", not [batch, features]");
  return sized_rnn(op, {.batch = x[0], .time = 1, .in = x[1]}, true);
}

Result<RnnLayer> unidirectional_layer(const OpView& op) {
  auto const& a = op.attributes<UnidirectionalSequenceRnnAttributes>();
  NARROW_TRY(SequenceSizes const s, sequence_sizes(op, a.time_major));
  NARROW_TRY(RnnLayer layer, sized_rnn(op, s, true));
  layer.time_major = a.time_major;
  return layer;
}

Result<std::vector<Shape>> infer_rnn(const OpView& op) {
  NARROW_TRY(RnnLayer const s, rnn_layer(op));
  return shapes_of({{s.batch, s.units}});
}

Result<std::vector<Shape>> infer_unidirectional_rnn(const OpView& op) {
  NARROW_TRY(RnnLayer const s, unidirectional_layer(op));
  const Shape& x = op.input(0).shape;
  return shapes_of({{x[0], x[1], s.units}});
}

/// `A` are the attributes of the op.
template <class A>
Result<Step> lower_with(const OpView& op, RnnLayer layer) {
  auto const& a = op.attributes<A>();
  NARROW_TRY(layer.function, cell_activation(a.cell_activation));
  layer.hybrid = data_grid(a.asymmetric_quantize_inputs);
  return lower_rnn_layer(op, layer);
}

Result<Step> lower_rnn(const OpView& op, const LowerContext&) {
  NARROW_TRY(RnnLayer const s, rnn_layer(op));
  return lower_with<RnnAttributes>(op, s);
}

Result<Step> lower_unidirectional_rnn(const OpView& op, const LowerContext&) {
  NARROW_TRY(RnnLayer const s, unidirectional_layer(op));
  return lower_with<UnidirectionalSequenceRnnAttributes>(op, s);
}

/// The values inside of an op with that activation; of the sign bit, which has no step, none.
std::vector<Shape> inside_with(const OpView& op, Activation activation) {
  auto const function = cell_activation(activation);
  return inside_rnn(op, function ? function->function : CellFunction::tanh);
}

std::vector<Shape> inside_of_rnn(const OpView& op) {
  return inside_with(op, op.attributes<RnnAttributes>().cell_activation);
}

std::vector<Shape> inside_of_unidirectional_rnn(const OpView& op) {
  return inside_with(op, op.attributes<UnidirectionalSequenceRnnAttributes>().cell_activation);
}

/// Version 2 has int8 weights, 3 a way to round the data that meets them.
template <class A>
int version_rnn(const OpView& op) {
  if (op.attributes<A>().asymmetric_quantize_inputs) return 3;
  return op.input(rnn_data).is_float() && op.input(rnn_kernel).dtype == DType::int8 ? 2 : 1;
}

constexpr QuantRule kCellRule = rnn_rule({.float32 = 1, .int8 = 3, .int16 = 3, .dynamic = 3});

}  // namespace

constexpr AttributeField kRnnFields[] = {
    field<&RnnAttributes::cell_activation>("cell_activation"),
    field<&RnnAttributes::asymmetric_quantize_inputs>("asymmetric_quantize_inputs"),
};
const AttributeType RnnAttributes::kType = attribute_type<RnnAttributes>("Rnn", kRnnFields);

constexpr AttributeField kUnidirectionalSequenceRnnFields[] = {
    field<&UnidirectionalSequenceRnnAttributes::time_major>("time_major"),
    field<&UnidirectionalSequenceRnnAttributes::cell_activation>("cell_activation"),
    field<&UnidirectionalSequenceRnnAttributes::asymmetric_quantize_inputs>("asymmetric_quantize_inputs"),
};
const AttributeType UnidirectionalSequenceRnnAttributes::kType =
    attribute_type<UnidirectionalSequenceRnnAttributes>("UnidirectionalSequenceRnn", kUnidirectionalSequenceRnnFields);

const OpDef kRnn{
    .name = "RNN",
    .attributes = &RnnAttributes::kType,
    .arity = {.min_inputs = 4, .max_inputs = 5},
    .quant = kCellRule,
    .infer = infer_rnn,
    .lower = lower_rnn,
    .macs = macs_rnn,
    .inside = inside_of_rnn,
    .version = version_rnn<RnnAttributes>,
};

const OpDef kUnidirectionalSequenceRnn{
    .name = "UNIDIRECTIONAL_SEQUENCE_RNN",
    .attributes = &UnidirectionalSequenceRnnAttributes::kType,
    .arity = {.min_inputs = 4, .max_inputs = 5},
    .quant = kCellRule,
    .infer = infer_unidirectional_rnn,
    .lower = lower_unidirectional_rnn,
    .macs = macs_rnn,
    .inside = inside_of_unidirectional_rnn,
    .version = version_rnn<UnidirectionalSequenceRnnAttributes>,
    .short_name = "RNN",
};

}  // namespace narrow
