#include <cmath>

#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/plain.h"
#include "ops/def/form.h"
#include "ops/integer/quantized.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/squared_difference.h"
}

namespace narrow {
namespace {

/// Floats, and integers that wrap as the runtimes' do.
template <class T>
T square(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return (a - b) * (a - b);
  } else {
    auto const d = static_cast<uint64_t>(static_cast<int64_t>(a)) - static_cast<uint64_t>(static_cast<int64_t>(b));
    return static_cast<T>(d * d);
  }
}

nw_scaled_input input_of(const Tensor& t, double unit) {
  Multiplier const m = quantize_multiplier(static_cast<double>(t.quantization.scale()) / unit);
  return {t.quantization.zero_point(), m.value, m.shift};
}

Result<Step> lower_integer_squared_difference(const OpView& op, int left_shift, const Kernel& kernel) {
  const Tensor &a = op.input(0), &b = op.input(1), &out = op.output();
  for (const Tensor* t : {&a, &b, &out}) NARROW_CHECK(check_quantized(*t));
  NARROW_TRY(Operands const o, operands_of(op));
  double const unit = 2.0 * static_cast<double>(std::max(a.quantization.scale(), b.quantization.scale()));
  double const steps = std::ldexp(static_cast<double>(out.quantization.scale()), 2 * left_shift);
  Multiplier const m = quantize_multiplier(unit * unit / steps);
  if (m.shift > 0)
    return fail(ErrorKind::unsupported,
                "the result's scale is too small for those of the operands; the runtimes abort on it");
  nw_squared_difference_params const p{.shape = o.walk,
                                       .a = input_of(a, unit),
                                       .b = input_of(b, unit),
                                       .left_shift = left_shift,
                                       .multiplier = m.value,
                                       .shift = m.shift,
                                       .out_zero_point = out.quantization.zero_point()};
  return call_step(kernel_call(kernel, p, {operand(0), operand(1), result()}));
}

constexpr ByProfile<Forms> kFormsSquaredDifference{.litert = {.int16 = Form::absent},
                                                   .xnnpack = {.int16 = Form::absent}};

Result<Step> lower_squared_difference(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, shared_dtype(op));
  if (dtype == DType::int8) return lower_integer_squared_difference(op, 7, kSquaredDifferenceI8);
  if (dtype != DType::int16)
    return lower_each<float, int32_t, int64_t>(op, []<class T>(T a, T b) { return square(a, b); });
  if (kFormsSquaredDifference[context.profile].int16 == Form::absent)
    return fail(ErrorKind::unsupported, "this runtime has no 16-bit kernel");
  return lower_integer_squared_difference(op, 0, kSquaredDifferenceI16);
}

}  // namespace

const OpDef kSquaredDifference{
    .name = "SQUARED_DIFFERENCE",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::activation},
              .versions = {.int8 = 2, .int16 = 2}},
    .infer = infer_broadcast,
    .lower = lower_squared_difference,
};

}  // namespace narrow
