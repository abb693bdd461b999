#include "ops/arithmetic/add_sub.h"

#include <algorithm>
#include <cmath>

#include "ops/arithmetic/elementwise.h"
#include "ops/integer/multiplier.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/quantized.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/add.h"
}

namespace narrow {
namespace {

struct Plus {
  float operator()(float a, float b) const { return a + b; }
  int64_t operator()(int64_t a, int64_t b) const {
    int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return a < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  }
};

struct Minus {
  float operator()(float a, float b) const { return a - b; }
  int64_t operator()(int64_t a, int64_t b) const {
    int64_t difference = 0;
    if (!__builtin_sub_overflow(a, b, &difference)) return difference;
    return a < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  }
};

/// Scales of a, b and the result.
struct Scales {
  float a, b, out;
};

/// s_a / S, s_b / S and S / (2^left s_out), S = 2 max(s_a, s_b).
struct Factors {
  Multiplier a, b, out;
};

Factors fixed_factors(const Scales& s, int left_shift) {
  double const one = std::ldexp(1.0, left_shift);
  double const twice = 2.0 * static_cast<double>(std::max(s.a, s.b));
  return {quantize_multiplier(static_cast<double>(s.a) / twice), quantize_multiplier(static_cast<double>(s.b) / twice),
          quantize_multiplier(twice / (one * static_cast<double>(s.out)))};
}

/// XNNPACK takes the op where both inputs' scales are in reach of the result's.
bool joint_applies(const Scales& s) {
  auto in_reach = [&](float scale) { return scale / s.out >= 0x1p-10f && scale / s.out < 0x1p8f; };
  return in_reach(s.a) && in_reach(s.b);
}

void set_joint(nw_add_params& p, const Scales& s) {
  float const ra = s.a / s.out, rb = s.b / s.out;
  p.out_shift = 20 - std::ilogb(std::max(ra, rb));
  p.a.multiplier = static_cast<nw_i32>(std::nearbyint(std::ldexp(ra, p.out_shift)));
  p.b.multiplier = static_cast<nw_i32>(std::nearbyint(std::ldexp(rb, p.out_shift)));
}

/// Whether LiteRT takes a scale for a power of two.
bool power_of_two(float scale) {
  float const exponent = std::log2(scale);
  return std::abs(exponent - std::round(exponent)) < 1e-3f;
}

Status set_fixed(nw_add_params& p, const Scales& s, int left_shift) {
  Factors const f = fixed_factors(s, left_shift);
  if (f.out.shift > 0)
    return fail(ErrorKind::unsupported,
                "the result's scale is too small for those of the operands; the runtimes abort on it");
  p.left_shift = left_shift;
  p.a.multiplier = f.a.value;
  p.a.shift = f.a.shift;
  p.b.multiplier = f.b.value;
  p.b.shift = f.b.shift;
  p.out_multiplier = f.out.value;
  p.out_shift = f.out.shift;
  return {};
}

nw_add_params common_params_add_sub(const OpView& op, const Operands& o, int sign) {
  nw_add_params p{};
  p.shape = o.walk;
  p.a.zero_point = op.input(0).quantization.zero_point();
  p.b.zero_point = op.input(1).quantization.zero_point();
  p.out_zero_point = op.output().quantization.zero_point();
  p.sign = sign;
  return p;
}

Step sum_step(const Kernel& kernel, const nw_add_params& p) {
  return call_step(kernel_call(kernel, p, {operand(0), operand(1), result()}));
}

/// Whether LiteRT's builtin kernel for operands of different shapes is known to compute as its reference kernel:
/// measured where one operand is too fine for XNNPACK, and is one value or has the other's last dimension.
bool broadcasts_as_reference(const OpView& op, const Scales& s) {
  const Shape &a = op.input(0).shape, &b = op.input(1).shape;
  bool const fine = std::max(s.a, s.b) / s.out < 0x1p8F;
  bool const one = a.elements() == 1 || b.elements() == 1;
  return fine && (one || (a.rank() > 0 && b.rank() > 0 && a.back() == b.back()));
}

Result<Step> lower_int8_add_sub(const OpView& op, const SumForm& form, const Operands& o, const Scales& s) {
  nw_add_params p = common_params_add_sub(op, o, form.sign);
  const Quantization& q = op.output().quantization;
  bool const joint = form.forms.int8 == Form::delegate && joint_applies(s);
  NARROW_TRY(IntegerInterval const bounds, joint ? integer_interval_to_even(form.activation, DType::int8, q)
                                                 : integer_interval(form.activation, DType::int8, q));
  p.out_min = bounds.lo;
  p.out_max = bounds.hi;
  if (joint) {
    set_joint(p, s);
    return sum_step(kAddJointI8, p);
  }
  NARROW_CHECK(set_fixed(p, s, 20));
  if (form.forms.int8 == Form::delegate && form.sign > 0) {
    if (o.same_shape) return sum_step(kAddOptimizedI8, p);
    if (!broadcasts_as_reference(op, s))
      return fail(ErrorKind::unsupported,
                  "what LiteRT computes with scales so far apart and operands of these shapes is not known", {},
                  "`profile=litert` or `profile=tflm`");
  }
  return sum_step(kAddI8, p);
}

/// Which runtimes have the old form of the 16-bit ops that a file may ask for.
constexpr ByProfile<bool> kHasPotScaleInt16{.litert = true, .xnnpack = true};

Result<Step> lower_int16_add_sub(const OpView& op, const LowerContext& context, const SumForm& form, const Operands& o,
                                 const Scales& s) {
  if (form.pot_scale_int16 && kHasPotScaleInt16[context.profile] && power_of_two(s.a) && power_of_two(s.b) &&
      power_of_two(s.out))
    return fail(ErrorKind::unsupported, "the old 16-bit form with power-of-two scales", {},
                "`profile=tflm`, which has the general form only");
  nw_add_params p = common_params_add_sub(op, o, form.sign);
  NARROW_TRY(IntegerInterval const bounds, integer_interval(form.activation, DType::int16, op.output().quantization));
  p.out_min = bounds.lo;
  p.out_max = bounds.hi;
  NARROW_CHECK(set_fixed(p, s, 15));
  return sum_step(form.forms.int16 == Form::optimized && o.same_shape ? kAddOptimizedI16 : kAddI16, p);
}

/// Qm.n: the operands meet at the finest of the three scales, and one rounding gives the result.
Result<Step> lower_by_rule_add_sub(const OpView& op, const SumForm& form, const Operands& o,
                                   const Arithmetic& arithmetic) {
  constexpr int kMostShift = 45;
  NARROW_TRY(int const a, fraction_bits(op.input(0)));
  NARROW_TRY(int const b, fraction_bits(op.input(1)));
  NARROW_TRY(int const out, fraction_bits(op.output()));
  int const meet = std::max({a, b, out});
  DType const dtype = op.output().dtype;
  nw_add_params p = common_params_add_sub(op, o, form.sign);
  NARROW_TRY(p.a.shift, check_shift(meet - a, 0, kMostShift, "operand 0"));
  NARROW_TRY(p.b.shift, check_shift(meet - b, 0, kMostShift, "operand 1"));
  NARROW_TRY(p.out_shift, check_shift(meet - out, 0, kMostShift, "the result"));
  p.rounding = static_cast<int>(arithmetic.rounding);
  NARROW_TRY(IntegerInterval const bounds, integer_interval(form.activation, dtype, op.output().quantization));
  p.out_min = bounds.lo;
  p.out_max = bounds.hi;
  return sum_step(dtype == DType::int8 ? kAddByRuleI8 : kAddByRuleI16, p);
}

}  // namespace

Result<Step> lower_sum(const OpView& op, const LowerContext& context, const SumForm& form) {
  NARROW_TRY(DType const dtype, shared_dtype(op));
  if (dtype != DType::int8 && dtype != DType::int16)
    return form.sign > 0 ? lower_plain(op, form.activation, Plus{}, {&kPlainAddI32, &kPlainAddI64})
                         : lower_plain(op, form.activation, Minus{}, {&kPlainSubI32, &kPlainSubI64});
  for (const Tensor* t : {&op.input(0), &op.input(1), &op.output()}) NARROW_CHECK(check_quantized(*t));
  NARROW_TRY(Operands const o, operands_of(op));
  if (const Arithmetic* own = own_arithmetic(op, context.profile)) return lower_by_rule_add_sub(op, form, o, *own);
  Scales const s{op.input(0).quantization.scale(), op.input(1).quantization.scale(), op.output().quantization.scale()};
  return dtype == DType::int8 ? lower_int8_add_sub(op, form, o, s) : lower_int16_add_sub(op, context, form, o, s);
}

}  // namespace narrow
