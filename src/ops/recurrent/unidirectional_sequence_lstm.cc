// Sources: TFLite's documentation of the op's operands, and its reference kernel's order of computation.
#include <algorithm>
#include <memory>

#include "graph/attribute_type.h"
#include "ops/recurrent/lstm_float.h"
#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"

namespace narrow {
namespace {

// The operands; those that there are for each gate begin with the input gate's.
constexpr size_t kFusedKernels = 1, kFusedRecurrents = 5, kFusedPeepholes = 9, kFusedBiases = 12, kFusedProjection = 16,
                 kFusedProjectionBias = 17, kFusedHidden = 18, kFusedCell = 19, kFusedNorms = 20;

/// A gate in the order of the operands, in LstmWeights, and among the peepholes, which the cell gate lacks.
struct FusedGate {
  LstmWeights::Gate place;
  const char* name;
  size_t peephole;
};
constexpr size_t kNoPeephole = 3;
constexpr FusedGate kFusedGates[] = {{LstmWeights::input, "input gate", 0},
                                     {LstmWeights::forget, "forget gate", 1},
                                     {LstmWeights::cell, "cell gate", kNoPeephole},
                                     {LstmWeights::output, "output gate", 2}};

struct FusedLstm {
  SequenceSizes sizes{};
  int cells = 1;
  int out = 1;
  bool coupled = false, diagonal = false, peephole = false, norm = false, projection = false, projection_bias = false;
};

/// Whether the operands [first, last), of which every gate has one, are there: all of them or none.
Result<bool> has_for_all(const OpView& op, const char* what, size_t first, size_t last) {
  size_t count = 0;
  for (size_t i = first; i < last; ++i) count += op.has_input(i);
  if (count == 0 || count == last - first) return count > 0;
  return fail(ErrorKind::bad_file, std::string("it has ") + what + " for some of its gates only");
}

Status check_gate(const OpView& op, const FusedLstm& l, size_t gate) {
  std::string const of = std::string(" of the ") + kFusedGates[gate].name;
  NARROW_CHECK(check_operand(op, kFusedKernels + gate, ("weights" + of).c_str(), {l.cells, l.sizes.in}));
  std::string const recurrent = "recurrent weights" + of;
  NARROW_CHECK(l.diagonal ? check_operand(op, kFusedRecurrents + gate, recurrent.c_str(), {l.cells})
                          : check_operand(op, kFusedRecurrents + gate, recurrent.c_str(), {l.cells, l.out}));
  NARROW_CHECK(check_operand(op, kFusedBiases + gate, ("bias" + of).c_str(), {l.cells}));
  if (l.norm) NARROW_CHECK(check_operand(op, kFusedNorms + gate, ("layer normalization" + of).c_str(), {l.cells}));
  size_t const peephole = kFusedGates[gate].peephole;
  if (!l.peephole || peephole == kNoPeephole) return {};
  return check_operand(op, kFusedPeepholes + peephole, ("peepholes" + of).c_str(), {l.cells});
}

Result<FusedLstm> fused_lstm(const OpView& op) {
  auto const& a = op.attributes<UnidirectionalSequenceLstmAttributes>();
  FusedLstm l{.coupled = !op.has_input(kFusedKernels),
              .diagonal = a.diagonal_recurrent_tensors,
              .projection = op.has_input(kFusedProjection),
              .projection_bias = op.has_input(kFusedProjectionBias)};
  NARROW_TRY(l.sizes, sequence_sizes(op, a.time_major));
  for (size_t i : {kFusedKernels + 3, kFusedRecurrents + 3})
    if (!op.has_input(i)) return fail(ErrorKind::bad_file, "it has no weights of the output gate");
  const Shape &kernel = op.input(kFusedKernels + 3).shape, &recurrent = op.input(kFusedRecurrents + 3).shape;
  if (kernel.rank() != 2 || kernel[0] < 1 || recurrent.rank() != (l.diagonal ? 1 : 2) || recurrent.back() < 1)
    return fail(ErrorKind::bad_file, "its weights have shapes " + kernel.text() + " and " + recurrent.text());
  l.cells = kernel[0];
  l.out = recurrent.back();
  if (l.out != l.cells && !l.projection)
    return fail(ErrorKind::bad_file, "it makes " + std::to_string(l.out) + " results of " + std::to_string(l.cells) +
                                         " cells without a projection");
  size_t const first = l.coupled ? 1 : 0;
  NARROW_TRY(l.peephole, has_for_all(op, "peepholes", kFusedPeepholes + first, kFusedPeepholes + 3));
  NARROW_TRY(l.norm, has_for_all(op, "layer normalization", kFusedNorms + first, kFusedNorms + 4));
  for (size_t gate = first; gate < 4; ++gate) NARROW_CHECK(check_gate(op, l, gate));
  if (l.projection) NARROW_CHECK(check_operand(op, kFusedProjection, "projection", {l.out, l.cells}));
  if (l.projection_bias) NARROW_CHECK(check_operand(op, kFusedProjectionBias, "bias of the projection", {l.out}));
  if (l.projection_bias && !l.projection)
    return fail(ErrorKind::bad_file, "it has the bias of a projection, and no projection");
  NARROW_CHECK(check_optional(op, kFusedHidden, "hidden state", {l.sizes.batch, l.out}));
  NARROW_CHECK(check_optional(op, kFusedCell, "cell state", {l.sizes.batch, l.cells}));
  return l;
}

Result<std::vector<Shape>> infer_fused_lstm(const OpView& op) {
  NARROW_TRY(FusedLstm const l, fused_lstm(op));
  const Shape& x = op.input(0).shape;
  return shapes_of({{x[0], x[1], l.out}});
}

int64_t macs_fused_lstm(const OpView& op) {
  int64_t weights = 0;
  for (size_t gate = 0; gate < 4; ++gate)
    for (size_t i : {kFusedKernels + gate, kFusedRecurrents + gate})
      if (op.has_input(i)) weights += op.input(i).elements();
  if (op.has_input(kFusedProjection)) weights += op.input(kFusedProjection).elements();
  return op.input(0).elements() / op.input(0).shape.back() * weights;
}

LstmWeights pack_fused_lstm(const FusedLstm& l, const void* const* operands) {
  LstmWeights w = LstmWeights::of_size(l.sizes.in, l.cells, l.out, l.coupled, l.diagonal);
  auto const n = static_cast<size_t>(l.cells), stride = static_cast<size_t>(w.sums());
  auto const values = [&](size_t operand) { return static_cast<const float*>(operands[operand]); };
  if (l.peephole) w.peephole.resize(stride);
  if (l.norm) w.norm.resize(stride);
  for (size_t gate = l.coupled ? 1 : 0; gate < 4; ++gate) {
    size_t const to = kFusedGates[gate].place * n;
    add_columns(values(kFusedKernels + gate), l.cells, l.sizes.in, stride, &w.kernel[to]);
    if (l.diagonal)
      std::copy_n(values(kFusedRecurrents + gate), n, &w.recurrent[to]);
    else
      add_columns(values(kFusedRecurrents + gate), l.cells, l.out, stride, &w.recurrent[to]);
    std::copy_n(values(kFusedBiases + gate), n, &w.bias[to]);
    if (l.norm) std::copy_n(values(kFusedNorms + gate), n, &w.norm[to]);
    size_t const peephole = kFusedGates[gate].peephole;
    if (l.peephole && peephole != kNoPeephole) std::copy_n(values(kFusedPeepholes + peephole), n, &w.peephole[to]);
  }
  if (l.projection) {
    w.projection.resize(n * static_cast<size_t>(l.out));
    add_columns(values(kFusedProjection), l.out, l.cells, static_cast<size_t>(l.out), w.projection.data());
  }
  if (l.projection_bias) w.projection_bias.assign(values(kFusedProjectionBias), values(kFusedProjectionBias) + l.out);
  return w;
}

/// Whether a runtime computes tanh whatever the file says.
constexpr ByProfile<bool> kAlwaysTanh{.tflm = true};

Result<Step> lower_fused_lstm(const OpView& op, const LowerContext& context) {
  NARROW_TRY(FusedLstm const l, fused_lstm(op));
  NARROW_CHECK(check_floats(op));
  auto const& a = op.attributes<UnidirectionalSequenceLstmAttributes>();
  NARROW_TRY(CellActivation const activation, cell_activation(a.cell_activation));
  if (kAlwaysTanh[context.profile] && activation.function != CellFunction::tanh)
    return fail(ErrorKind::unsupported, "the runtime computes tanh where the file asks for another activation");
  LstmFunctions const functions{
      .candidate = activation, .output = activation, .cell_clip = a.cell_clip, .proj_clip = a.proj_clip};
  auto const pack = [l](const void* const* operands) {
    return std::make_shared<const LstmWeights>(pack_fused_lstm(l, operands));
  };
  std::shared_ptr<const LstmWeights> packed;
  if (are_constant(op, kFusedKernels, kFusedProjectionBias) && are_constant(op, kFusedNorms, kFusedNorms + 3))
    packed = pack(constant_values(op).data());
  StateOperand const hidden_of(op, kFusedHidden), cell_of(op, kFusedCell);
  auto run = [=, time_major = a.time_major](const StepArgs& args) {
    auto const weights = packed ? packed : pack(args.in);
    auto const [batch, time, in] = l.sizes;
    auto const out = static_cast<size_t>(l.out), cells = static_cast<size_t>(l.cells);
    auto const batches = static_cast<size_t>(batch);
    std::vector<float> sums(static_cast<size_t>(weights->sums()) + cells), hidden(batches * out), cell(batches * cells);
    hidden_of.begin(args, hidden.data(), hidden.size());
    cell_of.begin(args, cell.data(), cell.size());
    for (size_t b = 0; b < batches; ++b)
      for (size_t t = 0; t < static_cast<size_t>(time); ++t) {
        size_t const at = time_major ? t * batches + b : b * static_cast<size_t>(time) + t;
        const float* const x = static_cast<const float*>(args.in[0]) + at * static_cast<size_t>(in);
        lstm_step(*weights, functions, x, &hidden[b * out], &cell[b * cells], sums.data());
        std::copy_n(&hidden[b * out], out, static_cast<float*>(args.out[0]) + at * out);
      }
    hidden_of.end(args, hidden.data(), hidden.size());
    cell_of.end(args, cell.data(), cell.size());
  };
  return Step{.run = std::move(run), .host_only = true, .kernel = "float, plain loops"};
}

/// Version 2 has int8 weights, 3 a way to round the data that meets them, 4 diagonal recurrent weights.
int version_fused_lstm(const OpView& op) {
  auto const& a = op.attributes<UnidirectionalSequenceLstmAttributes>();
  if (a.diagonal_recurrent_tensors) return 4;
  return a.asymmetric_quantize_inputs ? 3 : 1;
}

}  // namespace

constexpr AttributeField kUnidirectionalSequenceLstmFields[] = {
    field<&UnidirectionalSequenceLstmAttributes::cell_activation>("cell_activation"),
    field<&UnidirectionalSequenceLstmAttributes::cell_clip>("cell_clip"),
    field<&UnidirectionalSequenceLstmAttributes::proj_clip>("proj_clip"),
    field<&UnidirectionalSequenceLstmAttributes::time_major>("time_major"),
    field<&UnidirectionalSequenceLstmAttributes::asymmetric_quantize_inputs>("asymmetric_quantize_inputs"),
    field<&UnidirectionalSequenceLstmAttributes::diagonal_recurrent_tensors>("diagonal_recurrent_tensors"),
};
const AttributeType UnidirectionalSequenceLstmAttributes::kType = attribute_type<UnidirectionalSequenceLstmAttributes>(
    "UnidirectionalSequenceLstm", kUnidirectionalSequenceLstmFields);

const OpDef kUnidirectionalSequenceLstm{
    .name = "UNIDIRECTIONAL_SEQUENCE_LSTM",
    .attributes = &UnidirectionalSequenceLstmAttributes::kType,
    .arity = {.min_inputs = 1, .max_inputs = 24},
    .quant = {.forms_missing = true,
              .roles = {Role::activation, Role::weight, Role::weight, Role::weight, Role::weight, Role::weight,
                        Role::weight,     Role::weight, Role::weight, Role::weight, Role::weight, Role::weight,
                        Role::bias,       Role::bias,   Role::bias,   Role::bias,   Role::weight, Role::bias,
                        Role::state,      Role::state,  Role::weight, Role::weight, Role::weight, Role::weight},
              .versions = {.float32 = 1, .int8 = 4, .int16 = 4}},
    .infer = infer_fused_lstm,
    .lower = lower_fused_lstm,
    .macs = macs_fused_lstm,
    .version = version_fused_lstm,
    .short_name = "LSTM",
};

}  // namespace narrow
