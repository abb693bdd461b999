#include <cmath>

#include "host/softmax.h"
#include "ops/activations/activations.h"
#include "ops/activations/rows.h"
#include "ops/arithmetic/unary.h"
#include "ops/integer/tables.h"
#include "rows/activations.h"

extern "C" {
#include "portable/activations/log_softmax.h"
}

namespace narrow {
namespace {

constexpr FixedScale kOut8LogSoftmax{16.0f / 256, 127};

Step lower_float_log_softmax(const OpView& op) {
  auto run = [r = rows_of(op)](const float* in, float* out) {
    for (int32_t row = 0; row < r.rows; ++row, in += r.depth, out += r.depth) {
      float const top = *std::max_element(in, in + r.depth);
      float sum = 0;
      for (int32_t c = 0; c < r.depth; ++c) sum += std::exp(in[c] - top);
      float const log_sum = std::log(sum);
      for (int32_t c = 0; c < r.depth; ++c) out[c] = in[c] - top - log_sum;
    }
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

/// LiteRT's default interpreter: float32 behind a table of exponentials.
Result<Step> lower_optimized_log_softmax(const OpView& op) {
  float const in_scale = op.input(0).quantization.scale();
  if (!(in_scale < 0x1p64f)) return fail(ErrorKind::unsupported, "the data's scale is beyond measure");
  Rows const r = rows_of(op);
  host::SoftmaxFloat p{};
  p.rows = r.rows;
  p.depth = r.depth;
  p.in_scale = in_scale;
  p.out_scale = kOut8LogSoftmax.scale;
  p.out_zero_point = kOut8LogSoftmax.zero_point;
  KernelCall call = kernel_call(kLogSoftmaxFloatI8, p, {operand(0), result()});
  call.point("table", constant_array("exponentials", ElementType::f32, softmax_float_table(in_scale, 1)));
  return call_step(std::move(call));
}

Result<Step> lower_fixed_log_softmax(const OpView& op) {
  Rows const r = rows_of(op);
  NARROW_CHECK(check_depth(r, 4095));
  double const factor = static_cast<double>(op.input(0).quantization.scale()) * 0x1p26;
  if (!(factor >= 2)) return fail(ErrorKind::unsupported, "the data's scale is under 2^-25, which the runtimes need");
  Multiplier const m = quantize_multiplier(std::min(factor, 0x1p31 - 1));
  Multiplier const reverse = quantize_multiplier(std::ldexp(1.0, 31 - m.shift) / m.value);
  nw_log_softmax_params p{};
  p.rows = r.rows;
  p.depth = r.depth;
  p.multiplier = m.value;
  p.shift = m.shift;
  p.reverse_multiplier = reverse.value;
  p.reverse_shift = reverse.shift;
  p.diff_min = -static_cast<int32_t>(std::floor(std::ldexp(31.0, 26 - m.shift)));
  return call_step(kernel_call(kLogSoftmaxI8, p, {operand(0), result()}));
}

Result<Step> lower_log_softmax(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return lower_float_log_softmax(op);
  if (dtype != DType::int8)
    return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_fixed(op.output(), kOut8LogSoftmax));
  // The same kernels take SOFTMAX.
  if (kFormsSoftmax[context.profile].int8 == Form::optimized) return lower_optimized_log_softmax(op);
  return lower_fixed_log_softmax(op);
}

}  // namespace

const OpDef kLogSoftmax{
    .name = "LOG_SOFTMAX",
    .arity = {},
    .quant = {.int8 = true,
              .roles = {Role::activation},
              .output8 = ScaleRule::fixed,
              .fixed8 = kOut8LogSoftmax,
              .versions = {.int8 = 2, .int16 = 2}},
    .infer = infer_rows,
    .lower = lower_log_softmax,
};

}  // namespace narrow
