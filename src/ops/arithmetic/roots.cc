#include "rows/roots.h"

#include <algorithm>
#include <cmath>

#include "host/sqrt.h"
#include "ops/activations/tabulated.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"
#include "rows/tabulated.h"

extern "C" {
#include "portable/arithmetic/rsqrt.h"
}

namespace narrow {
namespace {

Step float_step_roots(const OpView& op, float (*f)(float)) {
  auto run = [n = count_of(op), f](const float* in, float* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = f(in[i]);
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

/// The form, where the op is one of quantized integers.
Result<Form> quantized_form(const OpView& op, const Forms& forms, DType dtype) {
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  return form_for(forms, dtype);
}

Result<Step> lower_sqrt(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return float_step_roots(op, [](float v) { return std::sqrt(v); });
  NARROW_CHECK(quantized_form(op, kFormsNotInTflm[context.profile], dtype));
  const Quantization& x = op.input(0).quantization;
  const Quantization& y = op.output().quantization;
  host::SqrtParams p{count_of(op), x.scale(), x.zero_point(), y.scale(), y.zero_point()};
  if (dtype == DType::int16) return call_step(kernel_call(kSqrtI16, p, {operand(0), result()}));
  p.count = 256;
  return table_step(op, tabulate<int8_t, int8_t>([&](const int8_t* in, int8_t* out) { host::sqrt_i8(&p, in, out); }));
}

/// By Newton's iteration, as TFLM and 8-bit LiteRT do.
Result<Step> lower_iterated_rsqrt(const OpView& op, const Kernel& kernel) {
  const Quantization& x = op.input(0).quantization;
  const Quantization& y = op.output().quantization;
  double const factor = 1 / static_cast<double>(std::sqrt(x.scale()) * y.scale());
  if (!(factor >= 0x1p-11 && factor < 0x1p29))
    return fail(ErrorKind::unsupported, "the result's scale is out of all proportion to the data's");
  Multiplier const m = quantize_multiplier(factor);
  nw_rsqrt_params p{};
  p.count = count_of(op);
  p.input_zero_point = x.zero_point();
  p.output_zero_point = y.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  return call_step(kernel_call(kernel, p, {operand(0), result()}));
}

Result<Step> lower_rsqrt(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return float_step_roots(op, [](float v) { return 1.0f / std::sqrt(v); });
  if (dtype == DType::int8) {
    NARROW_CHECK(quantized_form(op, {}, dtype));
    return lower_iterated_rsqrt(op, kRsqrtI8);
  }
  NARROW_CHECK(quantized_form(op, {}, dtype));
  // TFLM alone lacks what it lacks; the others interpolate a table.
  if (kFormsNotInTflm[context.profile].int16 == Form::absent) return lower_iterated_rsqrt(op, kRsqrtI16);
  float const in = op.input(0).quantization.scale(), out = op.output().quantization.scale();
  auto root = [highest = 32767 * out](float v) { return v > 0 ? 1.0f / std::sqrt(v) : highest; };
  return table_step(op, interpolation_table16<float>(in, 0, out, 0, root));
}

constexpr QuantRule quant_rule_roots(int version16) {
  return {.int8 = true, .int16 = true, .roles = {Role::activation}, .versions = {.int8 = 2, .int16 = version16}};
}

constexpr QuantRule quant_rule_rsqrt() {
  QuantRule rule = quant_rule_roots(3);
  rule.operand_of_result = [](float root) { return 1 / (root * root); };
  return rule;
}

}  // namespace

const OpDef kRsqrt{
    .name = "RSQRT", .arity = {}, .quant = quant_rule_rsqrt(), .infer = infer_unary, .lower = lower_rsqrt};
const OpDef kSqrt{.name = "SQRT", .arity = {}, .quant = quant_rule_roots(2), .infer = infer_unary, .lower = lower_sqrt};

}  // namespace narrow
