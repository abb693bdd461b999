#include "ops/recurrent/lstm_sequence.h"

#include <algorithm>
#include <memory>

#include "graph/attribute_type.h"
#include "ops/recurrent/cell_integer.h"
#include "ops/recurrent/lstm_float.h"

namespace narrow {

Result<LstmSizes> lstm_sizes(const OpView& op) {
  NARROW_TRY(SequenceSizes const s, sequence_sizes(op, false));
  NARROW_TRY(int const units, units_of(op, lstm_recurrent, 4));
  NARROW_CHECK(check_operand(op, lstm_kernel, "weights", {4 * units, s.in}));
  NARROW_CHECK(check_optional(op, lstm_bias, "bias", {4 * units}));
  NARROW_CHECK(check_optional(op, lstm_peephole, "peepholes", {3 * units}));
  NARROW_CHECK(check_optional(op, lstm_hidden, "hidden state", {s.batch, units}));
  NARROW_CHECK(check_optional(op, lstm_cell, "cell state", {s.batch, units}));
  return LstmSizes{s, units};
}

namespace {

constexpr Inside kInsideLstmSequence[lstm_insides] = {{Inside::Params::power_of_two, 0x1p-15F},
                                                      {Inside::Params::power_of_two, 0x1p-12F},
                                                      {Inside::Params::power_of_two, 0x1p-12F},
                                                      {Inside::Params::power_of_two, 0x1p-15F}};

constexpr OperandPart kPartsLstmSequence[] = {
    {.kind = OperandPart::Kind::weights, .operand = lstm_kernel, .name = "wt", .by_row = true},
    {.kind = OperandPart::Kind::weights,
     .operand = lstm_recurrent,
     .name = "recurrent_wt",
     .of = {ScaleOf::Kind::result},
     .by_row = true},
    {.kind = OperandPart::Kind::bias, .operand = lstm_bias, .name = "input_bias", .weights = lstm_kernel},
    {.kind = OperandPart::Kind::factors, .operand = lstm_peephole, .name = "peepholes"},
    {.kind = OperandPart::Kind::begin,
     .operand = lstm_hidden,
     .name = "hidden_state",
     .of = {ScaleOf::Kind::result},
     .as_result = true},
    {.kind = OperandPart::Kind::begin,
     .operand = lstm_cell,
     .name = "cell_state",
     .of = {ScaleOf::Kind::inside, lstm_values}}};

Result<std::vector<Shape>> infer_lstm_sequence(const OpView& op) {
  NARROW_TRY(LstmSizes const s, lstm_sizes(op));
  int const units = s.units;
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

std::vector<Shape> inside_lstm_sequence(const OpView& op) {
  auto const& a = op.attributes<LstmSequenceAttributes>();
  const Shape& y = op.output().shape;
  Shape const none = Shape::of({0});
  return {Shape::of({y[0], 2 * y[1] + 1, y[2]}), is_squash(a.gate_function) ? none : Shape::of({y[0], y[1], 3 * y[2]}),
          is_squash(a.candidate_function) ? none : y, is_squash(a.output_function) ? none : y};
}

/// Where values inside of the op go, each null where it is not asked for; they go on from step to step.
struct LstmTrace {
  float* parts[lstm_insides] = {};

  LstmTrace(const StepArgs& args, const std::vector<Shape>& shapes) {
    for (size_t i = 0; i < shapes.size(); ++i)
      if (shapes[i].elements() > 0) parts[i] = static_cast<float*>(args.out[3 + i]);
  }

  void add(LstmInside part, const float* from, size_t count) {
    if (parts[part]) parts[part] = std::copy_n(from, count, parts[part]);
  }

  /// What a step leaves: values and sums of the gates, and the cell state.
  void add_step(const LstmFunctions& functions, const float* values, const float* sums, const float* cell, size_t n) {
    add(lstm_values, values + LstmWeights::cell * n, n);
    add(lstm_values, cell, n);
    for (LstmWeights::Gate gate : kPeepholePlaces) add(lstm_gate_sums, sums + gate * n, n);
    add(lstm_candidate_sums, sums + LstmWeights::cell * n, n);
    float* const given = parts[lstm_given];
    add(lstm_given, cell, n);
    if (given) apply(functions.output, given, n);
  }
};

Result<Step> lower_lstm_sequence(const OpView& op, const LowerContext&) {
  NARROW_TRY(LstmSizes const s, lstm_sizes(op));
  int const units = s.units;
  if (!op.input(lstm_data).is_float()) return lower_integer_lstm_sequence(op, s);
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
  auto run = [=, inside = gives_inside(op) ? inside_lstm_sequence(op) : std::vector<Shape>()](const StepArgs& args) {
    auto const weights = packed ? packed : pack(args.in);
    auto const n = static_cast<size_t>(units), states = static_cast<size_t>(s.batch) * n;
    auto const* x = static_cast<const float*>(args.in[lstm_data]);
    auto* y = static_cast<float*>(args.out[0]);
    auto* const last_hidden = static_cast<float*>(args.out[1]);
    auto* const last_cell = static_cast<float*>(args.out[2]);
    std::vector<float> sums(5 * n), before(inside.empty() ? 0 : 4 * n), hidden(states), cell(states);
    LstmTrace trace(args, inside);
    hidden_of.begin(args, hidden.data(), states);
    cell_of.begin(args, cell.data(), states);
    for (size_t b = 0; b < states; b += n) {
      trace.add(lstm_values, &cell[b], n);
      for (int t = 0; t < s.time; ++t, x += s.in, y += units) {
        lstm_step(*weights, functions, x, &hidden[b], &cell[b], sums.data(), inside.empty() ? nullptr : before.data());
        if (!inside.empty()) trace.add_step(functions, sums.data(), before.data(), &cell[b], n);
        std::copy_n(&hidden[b], n, y);
      }
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
    .quant = {.int8 = true,
              .int16 = true,
              .forms_missing = true,
              .roles = {Role::activation, Role::weight, Role::weight, Role::bias, Role::weight, Role::state},
              .parts = kPartsLstmSequence,
              .inside = kInsideLstmSequence,
              .any_widths = true,
              .rounds_once = true,
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_lstm_sequence,
    .lower = lower_lstm_sequence,
    .macs = macs_lstm_sequence,
    .inside = inside_lstm_sequence,
    .short_name = "LSTM",
};

}  // namespace narrow
