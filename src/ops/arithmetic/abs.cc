#include <cmath>

#include "ops/activations/slopes.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/unary.h"

namespace narrow {
namespace {

/// On plain numbers; the smallest integer is its own magnitude.
template <class T>
Step plain_step_abs(const OpView& op, const char* kernel) {
  auto run = [n = count_of(op)](const T* in, T* out) {
    for (int32_t i = 0; i < n; ++i) {
      if constexpr (std::is_floating_point_v<T>)
        out[i] = std::abs(in[i]);
      else
        out[i] = static_cast<T>(in[i] < 0 ? uint64_t{0} - static_cast<uint64_t>(in[i]) : static_cast<uint64_t>(in[i]));
    }
  };
  return unary_step<T, T>(op, run, kernel, true);
}

Result<Step> lower_abs(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return plain_step_abs<float>(op, "float, plain loops");
  if (dtype == DType::int32) return plain_step_abs<int32_t>(op, "int32, plain loops");
  if (dtype == DType::int64) return plain_step_abs<int64_t>(op, "int64, plain loops");
  if (dtype == DType::int16 && !op.input(0).quantization.present())
    return plain_step_abs<int16_t>(op, "int16, plain loops");
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  double const ratio = rescale_ratio(op, context.profile);
  return lower_slopes(op, ratio, -ratio);
}

}  // namespace

const OpDef kAbs{
    .name = "ABS",
    .arity = {},
    .quant = {.int8 = true, .int16 = true, .roles = {Role::activation}, .versions = {.int8 = 2, .int16 = 3}},
    .infer = infer_unary,
    .lower = lower_abs,
};

}  // namespace narrow
