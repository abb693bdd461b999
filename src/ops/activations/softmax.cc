#include "host/softmax.h"

#include <cmath>

#include "graph/attribute_type.h"
#include "host/activation.h"
#include "ops/activations/activations.h"
#include "ops/activations/rows.h"
#include "ops/arithmetic/unary.h"
#include "ops/integer/tables.h"
#include "rows/activations.h"

namespace narrow {
namespace {

constexpr FixedScale kOut8Softmax{1.0f / 256, -128};
constexpr FixedScale kOutQ7{1.0f / 128, 0};  // Qm.n
constexpr FixedScale kOut16{1.0f / 32768, 0};
constexpr FixedScale kOut16Of8{1.0f / 65536, -32768};

Result<Step> lower_float_softmax(const OpView& op, float beta) {
  if (!(beta >= 0 && std::isfinite(beta)))
    return fail(ErrorKind::unsupported, "beta is " + std::to_string(beta) + "; it must not be negative");
  return unary_step<float, float>(
      op, [r = rows_of(op), beta](const float* in, float* out) { host::softmax(in, out, r.rows, r.depth, beta); },
      "float, vector loops", true);
}

/// LiteRT's default interpreter: float32 behind a table.
Result<Step> lower_optimized_softmax(const OpView& op, float beta) {
  Rows const r = rows_of(op);
  float const in_scale = op.input(0).quantization.scale();
  host::SoftmaxFloat p{};
  p.rows = r.rows;
  p.depth = r.depth;
  p.in_scale = in_scale;
  p.out_scale = op.output().quantization.scale();
  p.out_zero_point = op.output().quantization.zero_point();
  const Kernel& kernel = op.output().dtype == DType::int8 ? kSoftmaxFloatI8 : kSoftmaxFloatI8I16;
  KernelCall call = kernel_call(kernel, p, {operand(0), result()});
  call.point("table", constant_array("exponentials", ElementType::f32, softmax_float_table(in_scale, beta)));
  return call_step(std::move(call));
}

Result<Step> lower_fixed_softmax(const OpView& op, const Kernel& kernel, float beta) {
  Rows const r = rows_of(op);
  NARROW_CHECK(check_depth(r, 4095));
  double const factor = static_cast<double>(beta) * static_cast<double>(op.input(0).quantization.scale()) * 0x1p26;
  if (!(factor > 1))
    return fail(ErrorKind::unsupported, "the data's scale times beta is not above 2^-26, as the runtimes need it");
  Multiplier const m = quantize_multiplier(std::min(factor, 0x1p31 - 1));
  nw_softmax_params p{};
  p.rows = r.rows;
  p.depth = r.depth;
  p.multiplier = m.value;
  p.shift = m.shift;
  p.diff_min = -static_cast<int32_t>(std::floor(std::ldexp(31.0, 26 - m.shift)));
  return call_step(kernel_call(kernel, p, {operand(0), result()}));
}

/// `reference`: LiteRT's factor is taken in float32 and its tables in double; TFLM has it the other way round.
Result<Step> lower_int16_softmax(const OpView& op, bool reference, float beta) {
  Rows const r = rows_of(op);
  NARROW_CHECK(check_depth(r, 65535));
  float const scale = op.input(0).quantization.scale();
  double const slope =
      reference ? static_cast<double>(scale * beta) : static_cast<double>(scale) * static_cast<double>(beta);
  if (!(slope > 0)) return fail(ErrorKind::unsupported, "beta is not above 0");
  NARROW_TRY(Multiplier const m, multiplier_for(slope / (10.0 / 65535.0), 65535));
  nw_softmax16_params p{};
  p.rows = r.rows;
  p.depth = r.depth;
  p.multiplier = m.value;
  p.shift = m.shift;
  Table16 const exponential = reference ? softmax_exp_table<double>() : softmax_exp_table<float>();
  Table16 const reciprocal = reference ? softmax_reciprocal_table<double>() : softmax_reciprocal_table<float>();
  KernelCall call = kernel_call(kSoftmaxI16, p, {operand(0), result()});
  call.point("exp_table", constant_array("exponentials", ElementType::i16, exponential));
  call.point("reciprocal_table", constant_array("reciprocals", ElementType::i16, reciprocal));
  return call_step(std::move(call));
}

Result<Step> lower_softmax(const OpView& op, const LowerContext& context) {
  float const beta = op.attributes<SoftmaxAttributes>().beta;
  const Tensor& x = op.input(0);
  const Tensor& y = op.output();
  bool const widens = x.dtype == DType::int8 && y.dtype == DType::int16;
  if (!widens) NARROW_CHECK(unary_dtype(op).transform([](DType) {}));
  if (x.dtype == DType::float32) return lower_float_softmax(op, beta);
  NARROW_CHECK(check_quantized(x));
  bool const q7 = x.dtype == DType::int8 && y.dtype == DType::int8 && context.profile.own_arithmetic &&
                  y.quantization == Quantization::of(kOutQ7.scale, kOutQ7.zero_point);
  if (q7) return lower_fixed_softmax(op, kSoftmaxQ7, beta);
  NARROW_CHECK(check_fixed(y, widens ? kOut16Of8 : x.dtype == DType::int8 ? kOut8Softmax : kOut16));
  if (x.dtype == DType::int16)
    return lower_int16_softmax(op, kFormsSoftmax[context.profile].int16 == Form::reference, beta);
  if (kFormsSoftmax[context.profile].int8 == Form::optimized) return lower_optimized_softmax(op, beta);
  return lower_fixed_softmax(op, widens ? kSoftmaxI8I16 : kSoftmaxI8, beta);
}

}  // namespace

constexpr AttributeField kSoftmaxFields[] = {
    field<&SoftmaxAttributes::beta>("beta"),
};
const AttributeType SoftmaxAttributes::kType = attribute_type<SoftmaxAttributes>("Softmax", kSoftmaxFields);

const OpDef kSoftmax{
    .name = "SOFTMAX",
    .attributes = &SoftmaxAttributes::kType,
    .arity = {},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation},
              .output8 = ScaleRule::fixed,
              .output16 = ScaleRule::fixed,
              .fixed8 = kOut8Softmax,
              .fixed16 = kOut16,
              .versions = {.int8 = 2, .int16 = 3},
              .far = FarValues::softmax,
              .fixed_is_unsigned = true},
    .infer = infer_rows,
    .lower = lower_softmax,
};

}  // namespace narrow
