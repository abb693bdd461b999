#include <algorithm>

#include "graph/attribute_type.h"
#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"
#include "ops/recurrent/rnn_float.h"

namespace narrow {
namespace {

enum RnnOperand : uint8_t { rnn_data, rnn_kernel, rnn_recurrent, rnn_bias, rnn_state };

struct RnnSizes : SequenceSizes {
  int units = 1;
};

Result<RnnSizes> sizes_rnn_sequence(const OpView& op) {
  NARROW_TRY(SequenceSizes const s, sequence_sizes(op, false));
  NARROW_TRY(int const units, units_of(op, rnn_recurrent, 1));
  NARROW_CHECK(check_operand(op, rnn_kernel, "weights", {units, s.in}));
  NARROW_CHECK(check_optional(op, rnn_bias, "bias", {units}));
  NARROW_CHECK(check_optional(op, rnn_state, "hidden state", {s.batch, units}));
  return RnnSizes{s, units};
}

Result<std::vector<Shape>> infer_rnn_sequence(const OpView& op) {
  NARROW_TRY(RnnSizes const s, sizes_rnn_sequence(op));
  return shapes_of({{s.batch, s.time, s.units}, {s.batch, s.units}});
}

int64_t macs_rnn_sequence(const OpView& op) {
  return op.input(rnn_data).elements() / op.input(rnn_data).shape.back() *
         (op.input(rnn_kernel).elements() + op.input(rnn_recurrent).elements());
}

Result<Step> lower_rnn_sequence(const OpView& op, const LowerContext&) {
  NARROW_TRY(RnnSizes const s, sizes_rnn_sequence(op));
  NARROW_CHECK(check_floats(op));
  auto const& a = op.attributes<RnnSequenceAttributes>();
  RnnPacker const packer(op, rnn_kernel, s.in, s.units);
  StateOperand const state(op, rnn_state);
  auto run = [=, function = CellActivation{a.function, a.alpha, a.beta}, clip = a.clip](const StepArgs& args) {
    auto const weights = packer.weights(args);
    auto const n = static_cast<size_t>(s.units), states = static_cast<size_t>(s.batch) * n;
    auto const* x = static_cast<const float*>(args.in[rnn_data]);
    auto* y = static_cast<float*>(args.out[0]);
    std::vector<float> hidden(states);
    state.begin(args, hidden.data(), states);
    for (size_t b = 0; b < states; b += n)
      for (int t = 0; t < s.time; ++t, x += s.in, y += s.units) rnn_step(*weights, function, clip, x, &hidden[b], y);
    std::copy(hidden.begin(), hidden.end(), static_cast<float*>(args.out[1]));
    state.end(args, hidden.data(), states);
  };
  return Step{.run = std::move(run), .host_only = true, .kernel = "float, plain loops"};
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
    .quant = {.forms_missing = true,
              .roles = {Role::activation, Role::weight, Role::weight, Role::bias, Role::state},
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_rnn_sequence,
    .lower = lower_rnn_sequence,
    .macs = macs_rnn_sequence,
    .short_name = "RNN",
};

}  // namespace narrow
