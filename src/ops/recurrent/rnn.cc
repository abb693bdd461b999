// RNN and UNIDIRECTIONAL_SEQUENCE_RNN of the .tflite format.
#include <algorithm>

#include "graph/attribute_type.h"
#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"
#include "ops/recurrent/rnn_float.h"

namespace narrow {
namespace {

constexpr size_t kCellKernel = 1, kCellRecurrent = 2, kCellBias = 3, kCellState = 4;

struct CellSizes : SequenceSizes {
  int units = 1;
};

Result<CellSizes> check_cell(const OpView& op, const SequenceSizes& s) {
  NARROW_TRY(int const units, units_of(op, kCellRecurrent, 1));
  NARROW_CHECK(check_operand(op, kCellKernel, "weights", {units, s.in}));
  NARROW_CHECK(check_operand(op, kCellBias, "bias", {units}));
  NARROW_CHECK(check_optional(op, kCellState, "hidden state", {s.batch, units}));
  return CellSizes{s, units};
}

Result<CellSizes> sizes_rnn(const OpView& op) {
  const Shape& x = op.input(0).shape;
  if (x.rank() != 2 || x.elements() < 1)
    return fail(ErrorKind::bad_file, "its data has shape " + x.text() + ", not [batch, features]");
  return check_cell(op, {.batch = x[0], .time = 1, .in = x[1]});
}

Result<CellSizes> sizes_unidirectional_rnn(const OpView& op) {
  NARROW_TRY(SequenceSizes const s,
             sequence_sizes(op, op.attributes<UnidirectionalSequenceRnnAttributes>().time_major));
  return check_cell(op, s);
}

Result<std::vector<Shape>> infer_rnn(const OpView& op) {
  NARROW_TRY(CellSizes const s, sizes_rnn(op));
  return shapes_of({{s.batch, s.units}});
}

Result<std::vector<Shape>> infer_unidirectional_rnn(const OpView& op) {
  NARROW_TRY(CellSizes const s, sizes_unidirectional_rnn(op));
  const Shape& x = op.input(0).shape;
  return shapes_of({{x[0], x[1], s.units}});
}

int64_t macs_cell(const OpView& op) {
  return op.input(0).elements() / op.input(0).shape.back() *
         (op.input(kCellKernel).elements() + op.input(kCellRecurrent).elements());
}

Result<Step> lower_cell(const OpView& op, const CellSizes& s, Activation activation, bool time_major) {
  NARROW_CHECK(check_floats(op));
  NARROW_TRY(CellActivation const function, cell_activation(activation));
  RnnPacker const packer(op, kCellKernel, s.in, s.units);
  StateOperand const state(op, kCellState);
  auto run = [=](const StepArgs& args) {
    auto const weights = packer.weights(args);
    auto const n = static_cast<size_t>(s.units), in = static_cast<size_t>(s.in);
    auto const batch = static_cast<size_t>(s.batch), time = static_cast<size_t>(s.time);
    auto const* x = static_cast<const float*>(args.in[0]);
    auto* y = static_cast<float*>(args.out[0]);
    std::vector<float> hidden(batch * n);
    state.begin(args, hidden.data(), hidden.size());
    for (size_t b = 0; b < batch; ++b)
      for (size_t t = 0; t < time; ++t) {
        size_t const at = time_major ? t * batch + b : b * time + t;
        rnn_step(*weights, function, 0, x + at * in, &hidden[b * n], y + at * n);
      }
    state.end(args, hidden.data(), hidden.size());
  };
  return Step{.run = std::move(run), .host_only = true, .kernel = "float, plain loops"};
}

Result<Step> lower_rnn(const OpView& op, const LowerContext&) {
  NARROW_TRY(CellSizes const s, sizes_rnn(op));
  return lower_cell(op, s, op.attributes<RnnAttributes>().cell_activation, false);
}

Result<Step> lower_unidirectional_rnn(const OpView& op, const LowerContext&) {
  NARROW_TRY(CellSizes const s, sizes_unidirectional_rnn(op));
  auto const& a = op.attributes<UnidirectionalSequenceRnnAttributes>();
  return lower_cell(op, s, a.cell_activation, a.time_major);
}

constexpr QuantRule kCellRule{
    .forms_missing = true,
    .roles = {Role::activation, Role::weight, Role::weight, Role::bias, Role::state},
    .versions = {.float32 = 1, .int8 = 3, .int16 = 3},
};

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
    .macs = macs_cell,
};

const OpDef kUnidirectionalSequenceRnn{
    .name = "UNIDIRECTIONAL_SEQUENCE_RNN",
    .attributes = &UnidirectionalSequenceRnnAttributes::kType,
    .arity = {.min_inputs = 4, .max_inputs = 5},
    .quant = kCellRule,
    .infer = infer_unidirectional_rnn,
    .lower = lower_unidirectional_rnn,
    .macs = macs_cell,
    .short_name = "RNN",
};

}  // namespace narrow
