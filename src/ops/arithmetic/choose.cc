#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/plain.h"
#include "ops/integer/quantized.h"
#include "ops/layout/move.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/choose.h"
}

namespace narrow {
namespace {

/// Stored integers are compared as they are, so all scales must be one.
Result<Step> lower_stored(const OpView& op, const Kernel& kernel) {
  NARROW_CHECK(check_same_scales(op, 2));
  NARROW_TRY(Operands const o, operands_of(op));
  nw_choose_params const p{o.walk};
  return call_step(kernel_call(kernel, p, {operand(0), operand(1), result()}));
}

struct ChooseKernels {
  const Kernel &i8, &i16, &i32, &i64;
};

/// `better(a, b)`: a is taken; b otherwise, also where one of them is not a number.
template <class F>
Result<Step> lower_choose(const OpView& op, const ChooseKernels& kernels, F better) {
  NARROW_TRY(DType const dtype, shared_dtype(op));
  if (dtype == DType::int8) return lower_stored(op, kernels.i8);
  if (dtype == DType::int16) return lower_stored(op, kernels.i16);
  NARROW_TRY(Operands const o, operands_of(op));
  if (dtype == DType::int32 && o.out_advance > 0) return lower_stored(op, kernels.i32);
  if (dtype == DType::int64 && o.out_advance > 0) return lower_stored(op, kernels.i64);
  NARROW_CHECK(check_same_scales(op, 2));
  return lower_each<float, uint8_t, int32_t, uint32_t, int64_t>(
      op, [better]<class T>(T a, T b) { return better(a, b) ? a : b; });
}

Result<Step> lower_maximum_choose(const OpView& op, const LowerContext&) {
  return lower_choose(op, {kMaximumI8, kMaximumI16, kPlainMaximumI32, kPlainMaximumI64},
                      [](auto a, auto b) { return a > b; });
}
Result<Step> lower_minimum(const OpView& op, const LowerContext&) {
  return lower_choose(op, {kMinimumI8, kMinimumI16, kPlainMinimumI32, kPlainMinimumI64},
                      [](auto a, auto b) { return a < b; });
}

int version_choose(const OpView& op) {
  return broadcasts_far(op) ? 3 : 1;
}

constexpr QuantRule quant_rule_choose(FarValues far) {
  QuantRule rule = clamping(joining_rule({Role::activation, Role::activation}, {.int8 = 2, .int16 = 4}));
  rule.far = far;
  return rule;
}

}  // namespace

const OpDef kMaximum{.name = "MAXIMUM",
                     .arity = {.min_inputs = 2, .max_inputs = 2},
                     .quant = quant_rule_choose(FarValues::largest),
                     .infer = infer_broadcast,
                     .lower = lower_maximum_choose,
                     .version = version_choose,
                     .channels = channels_always<ChannelFlow::rising>,
                     .scaling_operands = 2};

const OpDef kMinimum{.name = "MINIMUM",
                     .arity = {.min_inputs = 2, .max_inputs = 2},
                     .quant = quant_rule_choose(FarValues::smallest),
                     .infer = infer_broadcast,
                     .lower = lower_minimum,
                     .version = version_choose,
                     .channels = channels_always<ChannelFlow::rising>,
                     .scaling_operands = 2};

}  // namespace narrow
