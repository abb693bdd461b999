#include "ops/activations/slopes.h"

#include <cmath>

#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"
#include "rows/activations.h"

extern "C" {
#include "portable/activations/leaky_relu.h"
}

namespace narrow {

Result<Step> lower_slopes(const OpView& op, double above, double below) {
  int64_t const most = reach(op.input(0));
  NARROW_TRY(Multiplier const up, multiplier_for(above, most));
  NARROW_TRY(Multiplier const down, multiplier_for(std::abs(below), most));
  nw_leaky_relu_params p{};
  p.count = count_of(op);
  p.input_zero_point = op.input(0).quantization.zero_point();
  p.output_zero_point = op.output().quantization.zero_point();
  p.multiplier = up.value;
  p.shift = up.shift;
  p.alpha_multiplier = below < 0 ? -down.value : down.value;
  p.alpha_shift = down.shift;
  const Kernel& kernel = op.output().dtype == DType::int8 ? kLeakyReluI8 : kLeakyReluI16;
  return call_step(kernel_call(kernel, p, {operand(0), result()}));
}

double rescale_ratio(const OpView& op, const ProfileDef& profile, float slope) {
  float const in = op.input(0).quantization.scale(), out = op.output().quantization.scale();
  if (kRatio[profile] == Ratio::float32) return in * slope / out;
  return static_cast<double>(in) * static_cast<double>(slope) / static_cast<double>(out);
}

}  // namespace narrow
