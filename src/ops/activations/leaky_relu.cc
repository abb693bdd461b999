#include <cmath>

#include "graph/attribute_type.h"
#include "ops/activations/activations.h"
#include "ops/activations/slopes.h"
#include "ops/activations/tabulated.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/q8_rescale.h"
#include "rows/tabulated.h"

namespace narrow {
namespace {

Step lower_float_leaky_relu(const OpView& op, float alpha) {
  auto run = [n = count_of(op), alpha](const float* in, float* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = in[i] >= 0 ? in[i] : in[i] * alpha;
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

/// XNNPACK takes the op where both slopes fit its factors.
bool delegated_leaky_relu(float ratio, float slope) {
  return q8_takes(ratio) && slope >= -127.99609375f && slope <= 128.0f && std::abs(slope) >= 0x1p-8f;
}

Step lower_delegate_leaky_relu(const OpView& op, float ratio, float slope) {
  int32_t const in_zero = op.input(0).quantization.zero_point(), out_zero = op.output().quantization.zero_point();
  int32_t const up = q8_factor(ratio), down = q8_factor(slope);
  auto const fill = [=](const int8_t* in, int8_t* out) {
    for (int i = 0; i < 256; ++i) {
      int32_t const x = in[i] - in_zero;
      out[i] = static_cast<int8_t>(std::clamp(q8_rescale(x, x >= 0 ? up : down) + out_zero, -128, 127));
    }
  };
  return table_step(op, tabulate<int8_t, int8_t>(fill));
}

constexpr ByProfile<Forms> kFormsLeakyRelu{.xnnpack = {.int8 = Form::delegate}};

Result<Step> lower_leaky_relu(const OpView& op, const LowerContext& context) {
  float const alpha = op.attributes<LeakyReluAttributes>().alpha;
  if (!std::isfinite(alpha)) return fail(ErrorKind::bad_file, "alpha is not a finite number");
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return lower_float_leaky_relu(op, alpha);
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  if (const Arithmetic* own = own_arithmetic(op, context.profile); own && dtype == DType::int8) {
    auto const f = [alpha](double v) { return v < 0 ? v * static_cast<double>(alpha) : v; };
    return table_step(op, f, own->rounding);
  }
  float const in = op.input(0).quantization.scale(), out = op.output().quantization.scale();
  if (dtype == DType::int8 && kFormsLeakyRelu[context.profile].int8 == Form::delegate &&
      delegated_leaky_relu(in / out, in / out * alpha))
    return lower_delegate_leaky_relu(op, in / out, in / out * alpha);
  return lower_slopes(op, rescale_ratio(op, context.profile), rescale_ratio(op, context.profile, alpha));
}

}  // namespace

constexpr AttributeField kLeakyReluFields[] = {
    field<&LeakyReluAttributes::alpha>("alpha"),
};
const AttributeType LeakyReluAttributes::kType = attribute_type<LeakyReluAttributes>("LeakyRelu", kLeakyReluFields);

const OpDef kLeakyRelu{
    .name = "LEAKY_RELU",
    .attributes = &LeakyReluAttributes::kType,
    .arity = {},
    .quant = {.int8 = true, .int16 = true, .roles = {Role::activation}, .versions = {.int8 = 1, .int16 = 2}},
    .infer = infer_unary,
    .lower = lower_leaky_relu,
    .channels = channels_always<ChannelFlow::apart>,
    .scaling_operands = 1,
};

}  // namespace narrow
