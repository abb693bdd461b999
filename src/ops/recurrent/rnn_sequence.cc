#include "graph/attribute_type.h"
#include "ops/recurrent/rnn_layer.h"

namespace narrow {
namespace {

Result<RnnLayer> layer_rnn_sequence(const OpView& op) {
  NARROW_TRY(SequenceSizes const s, sequence_sizes(op, false));
  return sized_rnn(op, s, false);
}

Result<std::vector<Shape>> infer_rnn_sequence(const OpView& op) {
  NARROW_TRY(RnnLayer const s, layer_rnn_sequence(op));
  return shapes_of({{s.batch, s.time, s.units}, {s.batch, s.units}});
}

Result<Step> lower_rnn_sequence(const OpView& op, const LowerContext&) {
  NARROW_TRY(RnnLayer s, layer_rnn_sequence(op));
  auto const& a = op.attributes<RnnSequenceAttributes>();
  s.function = {a.function, a.alpha, a.beta};
  s.clip = a.clip;
  return lower_rnn_layer(op, s);
}

std::vector<Shape> inside_rnn_sequence(const OpView& op) {
  return inside_rnn(op, op.attributes<RnnSequenceAttributes>().function);
}

}  // namespace

constexpr AttributeField kRnnSequenceFields[] = {
    field<&RnnSequenceAttributes::function>("function"),
    field<&RnnSequenceAttributes::alpha>("alpha"),
    field<&RnnSequenceAttributes::beta>("beta"),
    field<&RnnSequenceAttributes::clip>("clip"),
};
const AttributeType RnnSequenceAttributes::kType =
    attribute_type<RnnSequenceAttributes>("RnnSequence", kRnnSequenceFields);

const OpDef kRnnSequence{
    .name = "RNN_SEQUENCE",
    .attributes = &RnnSequenceAttributes::kType,
    .arity = {.min_inputs = 3, .max_inputs = 5, .outputs = 2},
    .quant = rnn_rule({.int8 = 1, .int16 = 1}),
    .infer = infer_rnn_sequence,
    .lower = lower_rnn_sequence,
    .macs = macs_rnn,
    .inside = inside_rnn_sequence,
    .short_name = "RNN",
};

}  // namespace narrow
