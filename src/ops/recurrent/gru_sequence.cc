#include <algorithm>
#include <memory>

#include "graph/attribute_type.h"
#include "ops/recurrent/cell_integer.h"
#include "ops/recurrent/gru.h"

namespace narrow {

Result<GruSizes> gru_sizes(const OpView& op) {
  NARROW_TRY(SequenceSizes const s, sequence_sizes(op, false));
  NARROW_TRY(int const units, units_of(op, gru_recurrent, 3));
  NARROW_CHECK(check_operand(op, gru_kernel, "weights", {3 * units, s.in}));
  NARROW_CHECK(check_optional(op, gru_bias, "bias", {3 * units}));
  NARROW_CHECK(check_optional(op, gru_recurrent_bias, "recurrent bias", {units}));
  NARROW_CHECK(check_optional(op, gru_state, "hidden state", {s.batch, units}));
  if (op.has_input(gru_recurrent_bias) && !op.attributes<GruSequenceAttributes>().reset_after)
    return fail(ErrorKind::bad_file, "it has a recurrent bias without reset_after");
  return GruSizes{s, units};
}

namespace {

constexpr Inside kInsideGru[gru_insides] = {{Inside::Params::power_of_two, 0x1p-15F},
                                            {Inside::Params::power_of_two, 0x1p-12F},
                                            {Inside::Params::power_of_two, 0x1p-12F}};

constexpr OperandPart kPartsGru[] = {
    {.kind = OperandPart::Kind::weights, .operand = gru_kernel, .name = "wt", .by_row = true},
    {.kind = OperandPart::Kind::weights,
     .operand = gru_recurrent,
     .name = "recurrent_wt",
     .of = {ScaleOf::Kind::result},
     .by_row = true},
    {.kind = OperandPart::Kind::bias, .operand = gru_bias, .name = "input_bias", .weights = gru_kernel},
    {.kind = OperandPart::Kind::bias,
     .operand = gru_recurrent_bias,
     .name = "recurrent_bias",
     .of = {ScaleOf::Kind::result},
     .weights = gru_recurrent},
    {.kind = OperandPart::Kind::begin,
     .operand = gru_state,
     .name = "hidden_state",
     .of = {ScaleOf::Kind::inside, gru_values},
     .as_result = true}};

Result<std::vector<Shape>> infer_gru_sequence(const OpView& op) {
  NARROW_TRY(GruSizes const s, gru_sizes(op));
  return shapes_of({{s.batch, s.time, s.units}, {s.batch, s.units}});
}

int64_t macs_gru_sequence(const OpView& op) {
  return op.input(gru_data).elements() / op.input(gru_data).shape.back() *
         (op.input(gru_kernel).elements() + op.input(gru_recurrent).elements());
}

using OpShapes = std::vector<Shape>;

OpShapes inside_gru(const OpView& op) {
  auto const& a = op.attributes<GruSequenceAttributes>();
  const Shape& y = op.output().shape;
  Shape const none = Shape::of({0});
  return {Shape::of({y[0], 2 * y[1] + 1, y[2]}), is_squash(a.gate_function) ? none : Shape::of({y[0], y[1], 2 * y[2]}),
          is_squash(a.candidate_function) ? none : y};
}

/// In the order in which sums are made: update gate, reset gate, candidate.
struct GruWeights {
  std::vector<float> kernel;          // [in, 3 * units]
  std::vector<float> recurrent;       // [units, 3 * units]
  std::vector<float> bias;            // [3 * units]
  std::vector<float> recurrent_bias;  // [units], of the candidate
};

GruWeights pack_gru_sequence(const GruSizes& s, bool with_bias, bool with_recurrent_bias, const void* const* operands) {
  auto const n = static_cast<size_t>(s.units), stride = 3 * n;
  auto const values = [&](size_t operand) { return static_cast<const float*>(operands[operand]); };
  GruWeights w;
  w.kernel.resize(static_cast<size_t>(s.in) * stride);
  w.recurrent.resize(n * stride);
  w.bias.resize(stride);
  w.recurrent_bias.resize(n);
  add_columns(values(gru_kernel), 3 * s.units, s.in, stride, w.kernel.data());
  add_columns(values(gru_recurrent), 3 * s.units, s.units, stride, w.recurrent.data());
  if (with_bias) std::copy_n(values(gru_bias), stride, w.bias.data());
  if (with_recurrent_bias) std::copy_n(values(gru_recurrent_bias), n, w.recurrent_bias.data());
  return w;
}

struct GruFunctions {
  CellActivation gate;
  CellActivation candidate;
  float clip = 0;
  bool reset_after = false;

  /// `sums` gets what the function is applied to, if it is not null.
  void bounded(const CellActivation& function, float* values, size_t count, float* sums) const {
    if (clip > 0) std::transform(values, values + count, values, [&](float v) { return std::clamp(v, -clip, clip); });
    if (sums) std::copy_n(values, count, sums);
    apply(function, values, count);
  }
};

/// Where values inside of the op go, each null where it is not asked for; they go on from step to step.
struct GruTrace {
  float* values = nullptr;
  float* gate_sums = nullptr;
  float* candidate_sums = nullptr;

  GruTrace(const StepArgs& args, const OpShapes& shapes)
      : values(part(args, shapes, gru_values)),
        gate_sums(part(args, shapes, gru_gate_sums)),
        candidate_sums(part(args, shapes, gru_candidate_sums)) {}

  void add(const float* from, size_t count) {
    if (values) values = std::copy_n(from, count, values);
  }

 private:
  static float* part(const StepArgs& args, const OpShapes& shapes, size_t i) {
    return shapes.empty() || shapes[i].elements() == 0 ? nullptr : static_cast<float*>(args.out[2 + i]);
  }
};

/// One step: the next hidden state. `sums` has room for 4 * units values.
void gru_step(const GruSizes& s, const GruWeights& w, const GruFunctions& f, const float* x, float* hidden, float* sums,
              GruTrace& trace) {
  auto const n = static_cast<size_t>(s.units), stride = 3 * n;
  float *const update = sums, *const reset = sums + n, *const candidate = sums + 2 * n, *const product = sums + 3 * n;
  std::copy(w.bias.begin(), w.bias.end(), sums);
  add_products(x, s.in, w.kernel.data(), stride, 3 * s.units, sums);
  add_products(hidden, s.units, w.recurrent.data(), stride, 2 * s.units, sums);
  f.bounded(f.gate, update, 2 * n, trace.gate_sums);
  const float* const candidate_weights = w.recurrent.data() + 2 * n;
  if (f.reset_after) {
    std::copy(w.recurrent_bias.begin(), w.recurrent_bias.end(), product);
    add_products(hidden, s.units, candidate_weights, stride, s.units, product);
    for (size_t i = 0; i < n; ++i) candidate[i] += reset[i] * product[i];
  } else {
    for (size_t i = 0; i < n; ++i) product[i] = reset[i] * hidden[i];
    add_products(product, s.units, candidate_weights, stride, s.units, candidate);
  }
  f.bounded(f.candidate, candidate, n, trace.candidate_sums);
  if (trace.gate_sums) trace.gate_sums += 2 * n;
  if (trace.candidate_sums) trace.candidate_sums += n;
  trace.add(candidate, n);
  for (size_t i = 0; i < n; ++i) hidden[i] = (1 - update[i]) * candidate[i] + update[i] * hidden[i];
  trace.add(hidden, n);
}

Result<Step> lower_gru_sequence(const OpView& op, const LowerContext&) {
  NARROW_TRY(GruSizes const s, gru_sizes(op));
  if (!op.input(gru_data).is_float()) return lower_integer_gru(op, s);
  NARROW_CHECK(check_floats(op));
  auto const& a = op.attributes<GruSequenceAttributes>();
  GruFunctions const functions{{a.gate_function, a.gate_alpha, a.gate_beta},
                               {a.candidate_function, a.candidate_alpha, a.candidate_beta},
                               a.clip,
                               a.reset_after};
  auto const pack = [s, with_bias = op.has_input(gru_bias),
                     with_recurrent_bias = op.has_input(gru_recurrent_bias)](const void* const* operands) {
    return std::make_shared<const GruWeights>(pack_gru_sequence(s, with_bias, with_recurrent_bias, operands));
  };
  std::shared_ptr<const GruWeights> packed;
  if (are_constant(op, gru_kernel, gru_recurrent_bias)) packed = pack(constant_values(op).data());
  StateOperand const state(op, gru_state);
  auto run = [=, inside = gives_inside(op) ? inside_gru(op) : OpShapes()](const StepArgs& args) {
    auto const weights = packed ? packed : pack(args.in);
    auto const n = static_cast<size_t>(s.units), states = static_cast<size_t>(s.batch) * n;
    auto const* x = static_cast<const float*>(args.in[gru_data]);
    auto* y = static_cast<float*>(args.out[0]);
    std::vector<float> sums(4 * n), hidden(states);
    state.begin(args, hidden.data(), states);
    GruTrace trace(args, inside);
    for (size_t b = 0; b < states; b += n) {
      trace.add(&hidden[b], n);
      for (int t = 0; t < s.time; ++t, x += s.in, y += s.units) {
        gru_step(s, *weights, functions, x, &hidden[b], sums.data(), trace);
        std::copy_n(&hidden[b], n, y);
      }
    }
    std::copy(hidden.begin(), hidden.end(), static_cast<float*>(args.out[1]));
    state.end(args, hidden.data(), states);
  };
  return Step{.run = std::move(run), .host_only = true, .kernel = "float, plain loops"};
}

}  // namespace

constexpr AttributeField kGruSequenceFields[] = {
    field<&GruSequenceAttributes::gate_function>("gate_function"),
    field<&GruSequenceAttributes::gate_alpha>("gate_alpha"),
    field<&GruSequenceAttributes::gate_beta>("gate_beta"),
    field<&GruSequenceAttributes::candidate_function>("candidate_function"),
    field<&GruSequenceAttributes::candidate_alpha>("candidate_alpha"),
    field<&GruSequenceAttributes::candidate_beta>("candidate_beta"),
    field<&GruSequenceAttributes::clip>("clip"),
    field<&GruSequenceAttributes::reset_after>("reset_after"),
};
const AttributeType GruSequenceAttributes::kType =
    attribute_type<GruSequenceAttributes>("GruSequence", kGruSequenceFields);

const OpDef kGruSequence{
    .name = "GRU_SEQUENCE",
    .attributes = &GruSequenceAttributes::kType,
    .arity = {.min_inputs = 3, .max_inputs = 6, .outputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .forms_missing = true,
              .roles = {Role::activation, Role::weight, Role::weight, Role::bias, Role::bias, Role::state},
              .parts = kPartsGru,
              .inside = kInsideGru,
              .any_widths = true,
              .rounds_once = true,
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_gru_sequence,
    .lower = lower_gru_sequence,
    .macs = macs_gru_sequence,
    .inside = inside_gru,
    .short_name = "GRU",
};

}  // namespace narrow
