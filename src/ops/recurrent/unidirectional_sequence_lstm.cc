// Sources: TFLite's documentation of the op's operands, and its reference kernel's order of computation.
#include <algorithm>
#include <array>
#include <memory>

#include "graph/attribute_type.h"
#include "ops/recurrent/fused_lstm.h"
#include "ops/recurrent/fused_lstm_integer.h"
#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"

namespace narrow {
namespace {

// The values inside: the sums of the four gates, which have scales where layer normalization follows; what the cells
// give; their states after each step.
constexpr size_t kGivenInside = 4, kCellInside = 5;
constexpr std::array<Inside, 6> kInsideFusedLstm{{{Inside::Params::symmetric_16},
                                                  {Inside::Params::symmetric_16},
                                                  {Inside::Params::symmetric_16},
                                                  {Inside::Params::symmetric_16},
                                                  {Inside::Params::symmetric},
                                                  {Inside::Params::power_of_two, 0x1p-15F, false}}};

constexpr ScaleOf kDataScale{}, kResultScale{ScaleOf::Kind::result}, kGivenScale{ScaleOf::Kind::inside, kGivenInside},
    kCellScale{ScaleOf::Kind::inside, kCellInside};

// By gate: weights, recurrent weights, factors of layer normalization, bias.
constexpr const char* kPartNames[4][4] = {
    {"input_gate_wt", "input_gate_rwt", "input_gate_norm", "input_gate_bias"},
    {"forget_gate_wt", "forget_gate_rwt", "forget_gate_norm", "forget_gate_bias"},
    {"cell_gate_wt", "cell_gate_rwt", "cell_gate_norm", "cell_gate_bias"},
    {"output_gate_wt", "output_gate_rwt", "output_gate_norm", "output_gate_bias"}};
constexpr const char* kPeepholeNames[3] = {"input_gate_peep", "forget_gate_peep", "output_gate_peep"};

constexpr auto kPartsFusedLstm = [] {
  using Kind = OperandPart::Kind;
  std::array<OperandPart, 23> parts{};
  size_t n = 0;
  for (uint8_t gate = 0; gate < 4; ++gate) {
    parts[n++] = {Kind::weights, static_cast<uint8_t>(kFusedKernels + gate), kPartNames[gate][0]};
    parts[n++] = {Kind::weights, static_cast<uint8_t>(kFusedRecurrents + gate), kPartNames[gate][1], kResultScale};
    parts[n++] = {Kind::factors, static_cast<uint8_t>(kFusedNorms + gate), kPartNames[gate][2]};
    parts[n++] = {Kind::bias, static_cast<uint8_t>(kFusedBiases + gate),  kPartNames[gate][3],
                  kDataScale, static_cast<uint8_t>(kFusedKernels + gate), static_cast<uint8_t>(kFusedNorms + gate)};
    if (gate < 3) parts[n++] = {Kind::factors, static_cast<uint8_t>(kFusedPeepholes + gate), kPeepholeNames[gate]};
  }
  parts[n++] = {Kind::weights, kFusedProjection, "projection_wt", kGivenScale};
  parts[n++] = {Kind::bias, kFusedProjectionBias, "projection_bias", kGivenScale, kFusedProjection};
  parts[n++] = {Kind::state, kFusedHidden, "hidden_state", kResultScale};
  parts[n++] = {Kind::state, kFusedCell, "cell_state", kCellScale};
  return parts;
}();

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

/// Whether an operand is of those that are integers beside float data, all or none.
bool is_hybrid_weight(size_t operand) {
  return (operand >= kFusedKernels && operand < kFusedBiases) || operand == kFusedProjection;
}

/// The weights of an op with integer weights and float data; unsupported where others are integers.
Result<LstmWeights> pack_hybrid_lstm(const OpView& op, const FusedLstm& l) {
  if (l.diagonal) return fail(ErrorKind::unsupported, "diagonal recurrent weights in integers");
  NARROW_TRY(HybridOperands const operands, hybrid_operands(op, is_hybrid_weight));
  LstmWeights out = pack_fused_lstm(l, operands.pointers.data());
  out.grid = data_grid(op.attributes<UnidirectionalSequenceLstmAttributes>().asymmetric_quantize_inputs);
  return out;
}

/// Whether a runtime computes tanh whatever the file says.
constexpr ByProfile<bool> kAlwaysTanh{.tflm = true};

/// Whether a runtime lacks the form with float data and integer weights.
constexpr ByProfile<bool> kFloatAlone{.tflm = true};

Result<Step> lower_fused_lstm(const OpView& op, const LowerContext& context) {
  NARROW_TRY(FusedLstm const l, fused_lstm(op));
  if (!op.input(0).is_float()) return lower_integer_lstm(op, l, context.profile);
  bool const hybrid = op.input(kFusedKernels + 3).dtype == DType::int8;
  if (!hybrid) NARROW_CHECK(check_floats(op));
  if (hybrid && kFloatAlone[context.profile])
    return fail(ErrorKind::unsupported, "the runtime has no LSTM with float data and integer weights");
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
  if (hybrid) {
    NARROW_TRY(LstmWeights weights, pack_hybrid_lstm(op, l));
    packed = std::make_shared<const LstmWeights>(std::move(weights));
  } else if (are_constant(op, kFusedKernels, kFusedProjectionBias) && are_constant(op, kFusedNorms, kFusedNorms + 3))
    packed = pack(constant_values(op).data());
  StateOperand const hidden_of(op, kFusedHidden), cell_of(op, kFusedCell);
  auto run = [=, time_major = a.time_major, inside = gives_inside(op)](const StepArgs& args) {
    auto const weights = packed ? packed : pack(args.in);
    auto const [batch, time, in] = l.sizes;
    auto const out = static_cast<size_t>(l.out), cells = static_cast<size_t>(l.cells);
    auto const batches = static_cast<size_t>(batch);
    std::vector<float> sums(static_cast<size_t>(weights->sums()) + cells), hidden(batches * out), cell(batches * cells);
    std::vector<float> before(inside && l.norm ? static_cast<size_t>(weights->sums()) : 0);
    hidden_of.begin(args, hidden.data(), hidden.size());
    cell_of.begin(args, cell.data(), cell.size());
    for (size_t b = 0; b < batches; ++b)
      for (size_t t = 0; t < static_cast<size_t>(time); ++t) {
        size_t const at = time_major ? t * batches + b : b * static_cast<size_t>(time) + t;
        const float* const x = static_cast<const float*>(args.in[0]) + at * static_cast<size_t>(in);
        lstm_step(*weights, functions, x, &hidden[b * out], &cell[b * cells], sums.data(),
                  before.empty() ? nullptr : before.data());
        std::copy_n(&hidden[b * out], out, static_cast<float*>(args.out[0]) + at * out);
        if (!inside) continue;
        std::copy_n(&cell[b * cells], cells, static_cast<float*>(args.out[1 + kCellInside]) + at * cells);
        for (size_t g = l.coupled ? 1 : 0; g < 4 && l.norm; ++g)
          std::copy_n(&before[kFusedGates[g].place * cells], cells, static_cast<float*>(args.out[1 + g]) + at * cells);
        if (l.projection)
          std::copy_n(&sums[static_cast<size_t>(weights->sums())], cells,
                      static_cast<float*>(args.out[1 + kGivenInside]) + at * cells);
      }
    hidden_of.end(args, hidden.data(), hidden.size());
    cell_of.end(args, cell.data(), cell.size());
  };
  return Step{
      .run = std::move(run), .host_only = true, .kernel = hybrid ? "hybrid, plain loops" : "float, plain loops"};
}

/// Version 2 has int8 weights, 3 a way to round the data that meets them, 4 diagonal recurrent weights.
int version_fused_lstm(const OpView& op) {
  auto const& a = op.attributes<UnidirectionalSequenceLstmAttributes>();
  if (a.diagonal_recurrent_tensors) return 4;
  if (a.asymmetric_quantize_inputs) return 3;
  return op.input(0).is_float() && op.input(kFusedKernels + 3).dtype == DType::int8 ? 2 : 1;
}

std::vector<StateShape> states_fused_lstm(const OpView& op) {
  constexpr size_t kOutputWeights = kFusedKernels + 3;
  int const batch = op.input(0).shape[op.attributes<UnidirectionalSequenceLstmAttributes>().time_major ? 1 : 0];
  return {{kFusedHidden, Shape::of({batch, op.output().shape.back()})},
          {kFusedCell, Shape::of({batch, op.input(kOutputWeights).shape[0]})}};
}

std::vector<Shape> inside_fused_lstm(const OpView& op) {
  Shape const none = Shape::of({0});
  const Shape& x = op.input(0).shape;
  Shape const cells = Shape::of({x[0], x[1], op.input(kFusedKernels + 3).shape[0]});
  std::vector<Shape> out(kInsideFusedLstm.size(), none);
  out[kCellInside] = cells;
  if (op.has_input(kFusedProjection)) out[kGivenInside] = cells;
  for (size_t gate = 0; gate < 4; ++gate)
    if (op.has_input(kFusedNorms + gate)) out[gate] = cells;
  return out;
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
    .quant = {.int8 = true,
              .int16 = true,
              .forms_missing = true,
              .roles = {Role::activation, Role::weight, Role::weight, Role::weight, Role::weight, Role::weight,
                        Role::weight,     Role::weight, Role::weight, Role::weight, Role::weight, Role::weight,
                        Role::bias,       Role::bias,   Role::bias,   Role::bias,   Role::weight, Role::bias,
                        Role::state,      Role::state,  Role::weight, Role::weight, Role::weight, Role::weight},
              .parts = kPartsFusedLstm,
              .inside = kInsideFusedLstm,
              .any_widths = true,
              .versions = {.float32 = 1, .int8 = 1, .int16 = 1, .dynamic = 3}},
    .infer = infer_fused_lstm,
    .lower = lower_fused_lstm,
    .macs = macs_fused_lstm,
    .states = states_fused_lstm,
    .inside = inside_fused_lstm,
    .version = version_fused_lstm,
    .short_name = "LSTM",
};

}  // namespace narrow
