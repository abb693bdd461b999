#include <memory>

#include "graph/attribute_type.h"
#include "ops/recurrent/lstm_float.h"
#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"

namespace narrow {
namespace {

enum LstmOperand : uint8_t { lstm_data, lstm_kernel, lstm_recurrent, lstm_bias, lstm_peephole, lstm_hidden, lstm_cell };

Result<int> units_lstm_sequence(const OpView& op) {
  NARROW_TRY(SequenceSizes const s, sequence_sizes(op, false));
  NARROW_TRY(int const units, units_of(op, lstm_recurrent, 4));
  NARROW_CHECK(check_operand(op, lstm_kernel, "weights", {4 * units, s.in}));
  NARROW_CHECK(check_optional(op, lstm_bias, "bias", {4 * units}));
  NARROW_CHECK(check_optional(op, lstm_peephole, "peepholes", {3 * units}));
  NARROW_CHECK(check_optional(op, lstm_hidden, "hidden state", {s.batch, units}));
  NARROW_CHECK(check_optional(op, lstm_cell, "cell state", {s.batch, units}));
  return units;
}

Result<std::vector<Shape>> infer_lstm_sequence(const OpView& op) {
  NARROW_TRY(int const units, units_lstm_sequence(op));
  const Shape& x = op.input(lstm_data).shape;
  return shapes_of({{x[0], x[1], units}, {x[0], units}, {x[0], units}});
}

int64_t macs_lstm_sequence(const OpView& op) {
  return op.input(lstm_data).elements() / op.input(lstm_data).shape.back() *
         (op.input(lstm_kernel).elements() + op.input(lstm_recurrent).elements());
}

/// The place in LstmWeights of each gate of the op.
constexpr LstmWeights::Gate kPlaces[] = {LstmWeights::input, LstmWeights::forget, LstmWeights::cell,
                                         LstmWeights::output};
constexpr LstmWeights::Gate kPeepholePlaces[] = {LstmWeights::input, LstmWeights::forget, LstmWeights::output};

LstmWeights pack_lstm_sequence(int in, int units, bool with_bias, bool with_peephole, const void* const* operands) {
  LstmWeights w = LstmWeights::of_size(in, units, units, false, false);
  auto const n = static_cast<size_t>(units), stride = static_cast<size_t>(w.sums());
  auto const part = [&](size_t operand, size_t at) { return static_cast<const float*>(operands[operand]) + at; };
  for (size_t g = 0; g < 4; ++g) {
    size_t const to = kPlaces[g] * n;
    add_columns(part(lstm_kernel, g * n * static_cast<size_t>(in)), units, in, stride, &w.kernel[to]);
    add_columns(part(lstm_recurrent, g * n * n), units, units, stride, &w.recurrent[to]);
    if (with_bias) std::copy_n(part(lstm_bias, g * n), n, &w.bias[to]);
  }
  if (with_peephole) {
    w.peephole.resize(stride);
    for (size_t g = 0; g < 3; ++g) std::copy_n(part(lstm_peephole, g * n), n, &w.peephole[kPeepholePlaces[g] * n]);
  }
  return w;
}

Result<Step> lower_lstm_sequence(const OpView& op, const LowerContext&) {
  NARROW_TRY(int const units, units_lstm_sequence(op));
  NARROW_TRY(SequenceSizes const s, sequence_sizes(op, false));
  NARROW_CHECK(check_floats(op));
  auto const& a = op.attributes<LstmSequenceAttributes>();
  LstmFunctions const functions{.gate = {a.gate_function, a.gate_alpha, a.gate_beta},
                                .candidate = {a.candidate_function, a.candidate_alpha, a.candidate_beta},
                                .output = {a.output_function, a.output_alpha, a.output_beta},
                                .clip = a.clip};
  auto const pack = [in = s.in, units, with_bias = op.has_input(lstm_bias),
                     with_peephole = op.has_input(lstm_peephole)](const void* const* operands) {
    return std::make_shared<const LstmWeights>(pack_lstm_sequence(in, units, with_bias, with_peephole, operands));
  };
  std::shared_ptr<const LstmWeights> packed;
  if (are_constant(op, lstm_kernel, lstm_peephole)) packed = pack(constant_values(op).data());
  StateOperand const hidden_of(op, lstm_hidden), cell_of(op, lstm_cell);
  auto run = [=](const StepArgs& args) {
    auto const weights = packed ? packed : pack(args.in);
    auto const n = static_cast<size_t>(units), states = static_cast<size_t>(s.batch) * n;
    auto const* x = static_cast<const float*>(args.in[lstm_data]);
    auto* y = static_cast<float*>(args.out[0]);
    auto* const last_hidden = static_cast<float*>(args.out[1]);
    auto* const last_cell = static_cast<float*>(args.out[2]);
    std::vector<float> sums(5 * n), hidden(states), cell(states);
    hidden_of.begin(args, hidden.data(), states);
    cell_of.begin(args, cell.data(), states);
    for (size_t b = 0; b < states; b += n)
      for (int t = 0; t < s.time; ++t, x += s.in, y += units) {
        lstm_step(*weights, functions, x, &hidden[b], &cell[b], sums.data());
        std::copy_n(&hidden[b], n, y);
      }
    std::copy(hidden.begin(), hidden.end(), last_hidden);
    std::copy(cell.begin(), cell.end(), last_cell);
    hidden_of.end(args, hidden.data(), states);
    cell_of.end(args, cell.data(), states);
  };
  return Step{.run = std::move(run), .host_only = true, .kernel = "float, plain loops"};
}

}  // namespace

constexpr AttributeField kLstmSequenceFields[] = {
    field<&LstmSequenceAttributes::gate_function>("gate_function"),
    field<&LstmSequenceAttributes::gate_alpha>("gate_alpha"),
    field<&LstmSequenceAttributes::gate_beta>("gate_beta"),
    field<&LstmSequenceAttributes::candidate_function>("candidate_function"),
    field<&LstmSequenceAttributes::candidate_alpha>("candidate_alpha"),
    field<&LstmSequenceAttributes::candidate_beta>("candidate_beta"),
    field<&LstmSequenceAttributes::output_function>("output_function"),
    field<&LstmSequenceAttributes::output_alpha>("output_alpha"),
    field<&LstmSequenceAttributes::output_beta>("output_beta"),
    field<&LstmSequenceAttributes::clip>("clip"),
};
const AttributeType LstmSequenceAttributes::kType =
    attribute_type<LstmSequenceAttributes>("LstmSequence", kLstmSequenceFields);

const OpDef kLstmSequence{
    .name = "LSTM_SEQUENCE",
    .attributes = &LstmSequenceAttributes::kType,
    .arity = {.min_inputs = 3, .max_inputs = 7, .outputs = 3},
    .quant = {.forms_missing = true,
              .roles = {Role::activation, Role::weight, Role::weight, Role::bias, Role::weight, Role::state},
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_lstm_sequence,
    .lower = lower_lstm_sequence,
    .macs = macs_lstm_sequence,
    .short_name = "LSTM",
};

}  // namespace narrow
