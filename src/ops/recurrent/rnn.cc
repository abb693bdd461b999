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

Result<Step> lower_with(const OpView& op, RnnLayer layer, Activation activation) {
  NARROW_TRY(layer.function, cell_activation(activation));
  return lower_rnn_layer(op, layer);
}

Result<Step> lower_rnn(const OpView& op, const LowerContext&) {
  NARROW_TRY(RnnLayer const s, rnn_layer(op));
  return lower_with(op, s, op.attributes<RnnAttributes>().cell_activation);
}

Result<Step> lower_unidirectional_rnn(const OpView& op, const LowerContext&) {
  NARROW_TRY(RnnLayer const s, unidirectional_layer(op));
  return lower_with(op, s, op.attributes<UnidirectionalSequenceRnnAttributes>().cell_activation);
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

constexpr QuantRule kCellRule = rnn_rule({.float32 = 1, .int8 = 3, .int16 = 3});

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
    .short_name = "RNN",
};

}  // namespace narrow
