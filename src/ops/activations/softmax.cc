#include "ops/activations/softmax.h"

#include <cmath>

#include "graph/attribute_type.h"
#include "host/activation.h"
#include "host/softmax.h"
#include "ops/activations/rows.h"
#include "ops/arithmetic/unary.h"
#include "ops/integer/tables.h"

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
template <class T>
Result<Step> lower_optimized_softmax(const OpView& op, float beta) {
  Rows const r = rows_of(op);
  const Quantization& out = op.output().quantization;
  host::SoftmaxFloat const p{r.rows, r.depth, softmax_float_table(op.input(0).quantization.scale(), beta), out.scale(),
                             out.zero_point()};
  auto run = [p](const int8_t* in, T* y) {
    if constexpr (sizeof(T) == 1)
      host::softmax_float_i8(p, in, y);
    else
      host::softmax_float_i8_i16(p, in, y);
  };
  return unary_step<int8_t, T>(op, run, "int8, float32 table", true);
}

template <class T>
Result<Step> lower_fixed_softmax(const OpView& op, const LowerContext& context, float beta) {
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
  if constexpr (sizeof(T) == 1) {
    if (op.output().quantization == Quantization::of(kOutQ7.scale, kOutQ7.zero_point)) {
      auto q7 = [p](const int8_t* in, T* out) { nw_softmax_q7(&p, in, out); };
      return unary_step<int8_t, T>(op, q7, "int8, fixed point, plain loops");
    }
  }
  auto plain = [p](const int8_t* in, T* out) {
    if constexpr (sizeof(T) == 1)
      nw_softmax_i8(&p, in, out);
    else
      nw_softmax_i8_i16(&p, in, out);
  };
  if (context.reference) return unary_step<int8_t, T>(op, plain, "int8, fixed point, plain loops");
  auto fast = [p, table = host::softmax_table(p)](const int8_t* in, T* out) {
    if constexpr (sizeof(T) == 1)
      host::softmax_i8(p, table, in, out);
    else
      host::softmax_i8_i16(p, table, in, out);
  };
  return unary_step<int8_t, T>(op, fast, "int8, fixed point, table of exponentials");
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
  Table16 const exponential = reference ? softmax_exp_table<double>() : softmax_exp_table<float>();
  Table16 const reciprocal = reference ? softmax_reciprocal_table<double>() : softmax_reciprocal_table<float>();
  auto run = [=](const int16_t* in, int16_t* out) {
    nw_softmax16_params const p{r.rows, r.depth, m.value, m.shift, exponential.data(), reciprocal.data()};
    nw_softmax_i16(&p, in, out);
  };
  return unary_step<int16_t, int16_t>(op, run, "int16, interpolated tables");
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
  if (q7) return lower_fixed_softmax<int8_t>(op, context, beta);
  NARROW_CHECK(check_fixed(y, widens ? kOut16Of8 : x.dtype == DType::int8 ? kOut8Softmax : kOut16));
  if (x.dtype == DType::int16) return lower_int16_softmax(op, context.profile.softmax.int16 == Form::reference, beta);
  if (context.profile.softmax.int8 == Form::optimized)
    return widens ? lower_optimized_softmax<int16_t>(op, beta) : lower_optimized_softmax<int8_t>(op, beta);
  return widens ? lower_fixed_softmax<int16_t>(op, context, beta) : lower_fixed_softmax<int8_t>(op, context, beta);
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
              .fixed_is_unsigned = true},
    .infer = infer_rows,
    .lower = lower_softmax,
};

}  // namespace narrow
