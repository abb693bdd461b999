#include "ops/activations/slopes.h"

#include <cmath>

#include "ops/arithmetic/unary.h"

extern "C" {
#include "portable/activations/leaky_relu.h"
}

namespace narrow {

Result<Step> lower_slopes(const OpView& op, const LowerContext& context, double above, double below) {
  int64_t const most = reach(op.input(0));
  NARROW_TRY(Multiplier const up, multiplier_for(above, most));
  NARROW_TRY(Multiplier const down, multiplier_for(std::abs(below), most));
  nw_leaky_relu_params p{};
  p.input_zero_point = op.input(0).quantization.zero_point();
  p.output_zero_point = op.output().quantization.zero_point();
  p.multiplier = up.value;
  p.shift = up.shift;
  p.alpha_multiplier = below < 0 ? -down.value : down.value;
  p.alpha_shift = down.shift;
  if (op.output().dtype == DType::int8)
    return integer_step<int8_t>(op, context, counted(p, nw_leaky_relu_i8), "int8, fixed point, plain loops");
  return integer_step<int16_t>(op, context, counted(p, nw_leaky_relu_i16), "int16, fixed point, plain loops");
}

double rescale_ratio(const OpView& op, const ProfileDef& profile, float slope) {
  float const in = op.input(0).quantization.scale(), out = op.output().quantization.scale();
  if (profile.slope_ratio == Ratio::float32) return in * slope / out;
  return static_cast<double>(in) * static_cast<double>(slope) / static_cast<double>(out);
}

}  // namespace narrow
