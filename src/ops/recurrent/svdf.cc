// Source: TFLite's reference kernel, whose state has the newest value last.
#include <algorithm>
#include <numeric>

#include "graph/attribute_type.h"
#include "ops/recurrent/data_grid.h"
#include "ops/recurrent/recurrent.h"
#include "ops/recurrent/svdf_sizes.h"

namespace narrow {

Result<SvdfSizes> sizes_svdf(const OpView& op) {
  const Shape &x = op.input(0).shape, &time = op.input(kSvdfTime).shape;
  int const rank = op.attributes<SvdfAttributes>().rank;
  if (x.rank() != 2 || x.elements() < 1)
    return fail(ErrorKind::bad_file, "its data has shape " + x.text() + ", not [batch, features]");
  if (time.rank() != 2 || time.elements() < 1)
    return fail(ErrorKind::bad_file, "its vectors over time have shape " + time.text() + ", not [filters, memory]");
  if (rank < 1 || time[0] % rank != 0)
    return fail(ErrorKind::bad_file,
                "its " + std::to_string(time[0]) + " filters are not made of units of rank " + std::to_string(rank));
  SvdfSizes const s{.batch = x[0], .in = x[1], .units = time[0] / rank, .rank = rank, .memory = time[1]};
  NARROW_CHECK(check_operand(op, kSvdfFeatures, "vectors over features", {s.filters(), s.in}));
  NARROW_CHECK(check_optional(op, kSvdfBias, "bias", {s.units}));
  if (const Tensor* const state = op.maybe_input(kSvdfState);
      state && (state->shape.rank() != 2 || state->shape[0] != s.batch || state->shape[1] != time.elements()))
    return fail(ErrorKind::bad_file, "its state has shape " + state->shape.text() + " for " + std::to_string(s.batch) +
                                         " samples of " + std::to_string(time.elements()) + " values");
  return s;
}

namespace {

// The value inside: what the vectors over features gave, which the state keeps.
constexpr Inside kInsideSvdf[] = {{Inside::Params::symmetric_16, 0, false}};
constexpr ScaleOf kStateScale{ScaleOf::Kind::inside, 0};
constexpr OperandPart kPartsSvdf[] = {{OperandPart::Kind::weights, kSvdfFeatures, "features"},
                                      {OperandPart::Kind::summed, kSvdfTime, "time", kStateScale},
                                      {OperandPart::Kind::bias, kSvdfBias, "bias", kStateScale, kSvdfTime},
                                      {OperandPart::Kind::state, kSvdfState, "state", kStateScale}};

Result<std::vector<Shape>> infer_svdf(const OpView& op) {
  NARROW_TRY(SvdfSizes const s, sizes_svdf(op));
  return shapes_of({{s.batch, s.units}});
}

int64_t macs_svdf(const OpView& op) {
  return op.input(0).shape[0] * (op.input(kSvdfFeatures).elements() + op.input(kSvdfTime).elements());
}

/// One sample: moves the state [filters, memory] on by a step, and makes the sums of each unit.
void svdf_step(const SvdfSizes& s, const float* features, const float* time, const float* bias, const float* x,
               float* state, float* y) {
  for (int u = 0; u < s.units; ++u) {
    float sum = bias ? bias[u] : 0;
    for (int r = 0; r < s.rank; ++r, features += s.in, time += s.memory, state += s.memory) {
      std::copy(state + 1, state + s.memory, state);
      state[s.memory - 1] = std::inner_product(x, x + s.in, features, 0.0F);
      sum += std::inner_product(state, state + s.memory, time, 0.0F);
    }
    y[u] = sum;
  }
}

bool is_weight_of_svdf(size_t operand) {
  return operand == kSvdfFeatures || operand == kSvdfTime;
}

/// Whether a runtime lacks the form with float data and integer weights.
constexpr ByProfile<bool> kFloatSvdfAlone{.tflm = true};

/// Version 2 has int8 weights, 4 a way to round the data that meets them.
int version_svdf(const OpView& op) {
  if (!op.input(0).is_float() || op.input(kSvdfFeatures).dtype != DType::int8) return 1;
  return op.attributes<SvdfAttributes>().asymmetric_quantize_inputs ? 4 : 2;
}

Result<Step> lower_svdf(const OpView& op, const LowerContext& context) {
  NARROW_TRY(SvdfSizes const s, sizes_svdf(op));
  if (!op.input(0).is_float()) return lower_integer_svdf(op, s, context.profile);
  auto const& a = op.attributes<SvdfAttributes>();
  bool const hybrid = op.input(kSvdfFeatures).dtype == DType::int8;
  HybridOperands constants;
  if (hybrid && kFloatSvdfAlone[context.profile])
    return fail(ErrorKind::unsupported, "the runtime has no SVDF with float data and integer weights");
  if (hybrid) {
    NARROW_TRY(constants, hybrid_operands(op, is_weight_of_svdf));
  } else {
    NARROW_CHECK(check_floats(op));
  }
  NARROW_TRY(CellActivation const function, cell_activation(a.activation));
  DataGrid const grid = hybrid ? data_grid(a.asymmetric_quantize_inputs) : DataGrid::none;
  StateOperand const state(op, kSvdfState);
  auto run = [=, inside = gives_inside(op)](const StepArgs& args) {
    auto const values = [&](size_t operand) {
      const void* const given = operand < constants.values.size() && !constants.values[operand].empty()
                                    ? constants.values[operand].data()
                                    : args.in[operand];
      return static_cast<const float*>(given);
    };
    std::vector<float> room;
    auto const units = static_cast<size_t>(s.units), batch = static_cast<size_t>(s.batch);
    auto const memory = static_cast<size_t>(s.memory);
    size_t const each = units * static_cast<size_t>(s.rank) * memory;
    auto* const y = static_cast<float*>(args.out[0]);
    std::vector<float> kept(batch * each);
    state.begin(args, kept.data(), kept.size());
    for (size_t b = 0; b < batch; ++b)
      svdf_step(s, values(kSvdfFeatures), values(kSvdfTime), values(kSvdfBias),
                on_grid(grid, values(0) + b * static_cast<size_t>(s.in), s.in, room), &kept[b * each], y + b * units);
    apply(function, y, batch * units);
    for (size_t f = 0; inside && f < kept.size() / memory; ++f)
      static_cast<float*>(args.out[1])[f] = kept[(f + 1) * memory - 1];
    state.end(args, kept.data(), kept.size());
  };
  return Step{
      .run = std::move(run), .host_only = true, .kernel = hybrid ? "hybrid, plain loops" : "float, plain loops"};
}

std::vector<StateShape> states_svdf(const OpView& op) {
  return {{kSvdfState, Shape::of({op.input(0).shape[0], static_cast<int32_t>(op.input(kSvdfTime).elements())})}};
}

std::vector<Shape> inside_svdf(const OpView& op) {
  return {Shape::of({op.input(0).shape[0], op.input(kSvdfTime).shape[0]})};
}

}  // namespace

constexpr AttributeField kSvdfFields[] = {
    field<&SvdfAttributes::rank>("rank"),
    field<&SvdfAttributes::activation>("activation"),
    field<&SvdfAttributes::asymmetric_quantize_inputs>("asymmetric_quantize_inputs"),
};
const AttributeType SvdfAttributes::kType = attribute_type<SvdfAttributes>("Svdf", kSvdfFields);

const OpDef kSvdf{
    .name = "SVDF",
    .attributes = &SvdfAttributes::kType,
    .arity = {.min_inputs = 3, .max_inputs = 5},
    .quant = {.int8 = true,
              .forms_missing = true,
              .roles = {Role::activation, Role::weight, Role::weight, Role::bias, Role::state},
              .parts = kPartsSvdf,
              .inside = kInsideSvdf,
              .versions = {.float32 = 1, .int8 = 3, .int16 = 3, .dynamic = 4}},
    .infer = infer_svdf,
    .lower = lower_svdf,
    .macs = macs_svdf,
    .states = states_svdf,
    .inside = inside_svdf,
    .version = version_svdf,
};

}  // namespace narrow
