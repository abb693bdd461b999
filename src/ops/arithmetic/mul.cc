#include <algorithm>

#include "graph/attribute_type.h"
#include "host/elementwise.h"
#include "host/scaled.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/elementwise.h"
#include "ops/def/form.h"
#include "ops/integer/multiplier.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/quantized.h"
#include "rows/arithmetic.h"

namespace narrow {
namespace {

struct Times {
  float operator()(float a, float b) const { return a * b; }
  int64_t operator()(int64_t a, int64_t b) const {
    int64_t product = 0;
    if (!__builtin_mul_overflow(a, b, &product)) return product;
    return (a < 0) != (b < 0) ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  }
};

nw_mul_params common_params_mul(const OpView& op, const Operands& o, const IntegerInterval& bounds) {
  nw_mul_params p{};
  p.shape = o.walk;
  p.a_zero_point = op.input(0).quantization.zero_point();
  p.b_zero_point = op.input(1).quantization.zero_point();
  p.out_zero_point = op.output().quantization.zero_point();
  p.out_min = bounds.lo;
  p.out_max = bounds.hi;
  return p;
}

template <class Params>
Step product_step(const Kernel& kernel, const Params& p) {
  return call_step(kernel_call(kernel, p, {operand(0), operand(1), result()}));
}

Result<Step> lower_delegate_mul(const OpView& op, const Operands& o, Activation activation, float scale) {
  NARROW_TRY(IntegerInterval const bounds, integer_interval_to_even(activation, DType::int8, op.output().quantization));
  host::MulFloatParams const p{common_params_mul(op, o, bounds), scale};
  return product_step(kMulFloatI8, p);
}

/// The scale of a product in units of the result, in each of the two precisions.
double ratio_of(const OpView& op, Ratio precision) {
  float const a = op.input(0).quantization.scale(), b = op.input(1).quantization.scale();
  float const out = op.output().quantization.scale();
  if (precision == Ratio::float32) return a * b / out;
  return static_cast<double>(a) * static_cast<double>(b) / static_cast<double>(out);
}

Result<Step> lower_fixed_mul(const OpView& op, const LowerContext& context, const Operands& o, Activation activation,
                             int64_t most) {
  DType const dtype = op.output().dtype;
  NARROW_TRY(IntegerInterval const bounds, integer_interval(activation, dtype, op.output().quantization));
  nw_mul_params p = common_params_mul(op, o, bounds);
  Multiplier const m = quantize_multiplier(ratio_of(op, kRatio[context.profile]));
  if (m.shift > 30 || (most << std::max(m.shift, 0)) >= (int64_t{1} << 31) - (1 << 15))
    return fail(ErrorKind::unsupported,
                "the result's scale is too small for those of the operands; products leave 32 bits in the runtimes");
  p.multiplier = m.value;
  p.shift = m.shift;
  return product_step(dtype == DType::int8 ? kMulI8 : kMulI16, p);
}

/// The exact product, rounded once, at scales that are no powers of two.
Result<Step> lower_once_mul(const OpView& op, const Operands& o, Activation activation, const Arithmetic& arithmetic) {
  NARROW_TRY(IntegerInterval const bounds, integer_interval(activation, DType::int8, op.output().quantization));
  nw_mul_params p = common_params_mul(op, o, bounds);
  Multiplier const m = quantize_multiplier(ratio_of(op, Ratio::float64));
  if (m.shift > 14) return fail(ErrorKind::unsupported, "the result's scale is too small for those of the operands");
  p.multiplier = m.value;
  p.shift = m.shift;
  p.rounding = static_cast<int>(arithmetic.rounding);
  return product_step(kMulOnceI8, p);
}

/// Qm.n: the exact product, rounded once.
Result<Step> lower_by_rule_mul(const OpView& op, const Operands& o, Activation activation,
                               const Arithmetic& arithmetic) {
  NARROW_TRY(int const a, fraction_bits(op.input(0)));
  NARROW_TRY(int const b, fraction_bits(op.input(1)));
  NARROW_TRY(int const out, fraction_bits(op.output()));
  DType const dtype = op.output().dtype;
  NARROW_TRY(IntegerInterval const bounds, integer_interval(activation, dtype, op.output().quantization));
  nw_mul_params p = common_params_mul(op, o, bounds);
  NARROW_TRY(p.shift, check_shift(a + b - out, -30, 61, "the product"));
  p.rounding = static_cast<int>(arithmetic.rounding);
  return product_step(dtype == DType::int8 ? kMulByRuleI8 : kMulByRuleI16, p);
}

constexpr ByProfile<Forms> kFormsMul{.xnnpack = {.int8 = Form::delegate}};

Result<Step> lower_mul(const OpView& op, const LowerContext& context) {
  Activation const activation = op.attributes<MulAttributes>().activation;
  NARROW_TRY(DType const dtype, shared_dtype(op));
  if (dtype != DType::int8 && dtype != DType::int16)
    return lower_plain(op, activation, Times{}, {&kPlainMulI32, &kPlainMulI64});
  for (const Tensor* t : {&op.input(0), &op.input(1), &op.output()}) NARROW_CHECK(check_quantized(*t));
  NARROW_TRY(Operands const o, operands_of(op));
  if (const Arithmetic* own = own_arithmetic(op, context.profile)) {
    bool const shifts = fraction_bits(op.input(0)) && fraction_bits(op.input(1)) && fraction_bits(op.output());
    if (dtype == DType::int8 && !shifts) return lower_once_mul(op, o, activation, *own);
    return lower_by_rule_mul(op, o, activation, *own);
  }
  int64_t const most = reach(op.input(0)) * reach(op.input(1));  // largest product
  if (dtype == DType::int8 && kFormsMul[context.profile].int8 == Form::delegate) {
    auto const scale = static_cast<float>(ratio_of(op, Ratio::float32));
    if (scale >= 0x1p-16f && scale < 0x1p8f) return lower_delegate_mul(op, o, activation, scale);
    if (static_cast<double>(most) * static_cast<double>(scale) >= 32000.0)
      return fail(ErrorKind::unsupported, "what LiteRT computes with a result's scale so small is not known", {},
                  "`profile=litert` or `profile=tflm`");
  }
  return lower_fixed_mul(op, context, o, activation, most);
}

}  // namespace

constexpr AttributeField kMulFields[] = {
    field<&MulAttributes::activation>("activation"),
};
const AttributeType MulAttributes::kType = attribute_type<MulAttributes>("Mul", kMulFields);

const OpDef kMul{
    .name = "MUL",
    .attributes = &MulAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::activation},
              .versions = {.int8 = 2, .int16 = 4},
              .rounds_by_rule = true,
              .far = FarValues::product},
    .infer = infer_broadcast,
    .lower = lower_mul,
    .channels = channels_always<ChannelFlow::apart>,
    .fuses_activation = true,
};

}  // namespace narrow
