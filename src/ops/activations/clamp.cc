#include "ops/activations/clamp.h"

#include "ops/activations/slopes.h"
#include "ops/arithmetic/unary.h"
#include "rows/activations.h"

extern "C" {
#include "portable/activations/relu.h"
}

namespace narrow {
namespace {

Step lower_float_clamp(const OpView& op, const Interval& bounds) {
  auto run = [n = count_of(op), bounds](const float* in, float* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = bounds.clamp(in[i]);
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

}  // namespace

Result<Step> lower_clamp(const OpView& op, const LowerContext& context, const Interval& real, bool rescales) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return lower_float_clamp(op, real);
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  const Quantization& in = op.input(0).quantization;
  const Quantization& out = rescales ? op.output().quantization : in;
  double const ratio = rescales ? rescale_ratio(op, context.profile) : 1;
  NARROW_TRY(Multiplier const m, multiplier_for(ratio, reach(op.input(0))));
  IntegerInterval const bounds = integer_bounds(real, dtype, out);
  nw_relu_params p{};
  p.count = count_of(op);
  p.input_zero_point = in.zero_point();
  p.output_zero_point = out.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  p.out_min = bounds.lo;
  p.out_max = bounds.hi;
  return call_step(kernel_call(dtype == DType::int8 ? kReluI8 : kReluI16, p, {operand(0), result()}));
}

}  // namespace narrow
