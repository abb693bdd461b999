#include <algorithm>

#include "ops/activations/activations.h"
#include "ops/activations/tabulated.h"
#include "ops/arithmetic/unary.h"
#include "ops/integer/own_arithmetic.h"
#include "rows/activations.h"

extern "C" {
#include "portable/activations/hard_swish.h"
}

namespace narrow {
namespace {

Step lower_float_hard_swish(const OpView& op) {
  auto run = [n = count_of(op)](const float* in, float* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = in[i] * std::min(std::max(in[i] + 3.0f, 0.0f), 6.0f) * (1.0f / 6);
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

/// The multiplier of a factor, in 16 bits.
Multiplier short_multiplier(float factor) {
  Multiplier const m = quantize_multiplier(factor);
  return {m.value >= 0x7fff8000 ? 32767 : (m.value + (1 << 15)) >> 16, m.shift};
}

Result<Step> lower_hard_swish(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return lower_float_hard_swish(op);
  if (dtype != DType::int8)
    return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  if (const Arithmetic* own = own_arithmetic(op, context.profile)) {
    auto const f = [](double v) { return v * std::clamp(v + 3, 0.0, 6.0) / 6; };
    return table_step(op, f, own->rounding);
  }
  float const fine = 1.0f / 128 * op.input(0).quantization.scale();
  float const ratio = fine / op.output().quantization.scale(), gate_ratio = fine / (3.0f / 32768);
  if (!(ratio < 1 && gate_ratio < 0x1p30f))
    return fail(ErrorKind::unsupported, "the data's scale is 128 times the result's or more, or beyond measure");
  Multiplier const out = short_multiplier(ratio), gate = short_multiplier(gate_ratio);
  if (out.shift > 0) return fail(ErrorKind::unsupported, "the data's scale is about 128 times the result's");
  nw_hard_swish_params p{};
  p.count = count_of(op);
  p.input_zero_point = op.input(0).quantization.zero_point();
  p.output_zero_point = op.output().quantization.zero_point();
  p.output_multiplier = out.value;
  p.output_shift = out.shift;
  p.gate_multiplier = gate.value;
  p.gate_shift = gate.shift;
  return call_step(kernel_call(kHardSwishI8, p, {operand(0), result()}));
}

}  // namespace

const OpDef kHardSwish{
    .name = "HARD_SWISH",
    .arity = {},
    .quant = {.int8 = true, .roles = {Role::activation}, .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_unary,
    .lower = lower_hard_swish,
    .channels = channels_always<ChannelFlow::apart>,
};

}  // namespace narrow
