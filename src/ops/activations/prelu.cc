#include "ops/activations/activations.h"
#include "ops/activations/slopes.h"
#include "ops/arithmetic/elementwise.h"
#include "ops/integer/quantized.h"
#include "rows/activations.h"

extern "C" {
#include "portable/activations/prelu.h"
}

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_prelu(const OpView& op) {
  const Shape& x = op.input(0).shape;
  NARROW_TRY(Shape const both, broadcast(x, op.input(1).shape));
  if (both != x)
    return fail(ErrorKind::bad_file,
                "alpha of shape " + op.input(1).shape.text() + " does not fit data of shape " + x.text());
  return std::vector{x};
}

Step lower_float_prelu(const Operands& o) {
  auto each = [](float x, float alpha) { return x >= 0 ? x : x * alpha; };
  auto run = [w = o.walk, each](const float* x, const float* alpha, float* out) { walk(w, x, alpha, out, each); };
  return binary_step<float>(o, run, "float, plain loops");
}

Result<nw_prelu_params> params_of_prelu(const OpView& op, const Operands& o, const ProfileDef& profile) {
  double const ratio = rescale_ratio(op, profile), slope = rescale_ratio(op, profile, op.input(1).quantization.scale());
  NARROW_TRY(Multiplier const positive, multiplier_for(ratio, reach(op.input(0))));
  NARROW_TRY(Multiplier const negative, multiplier_for(slope, reach(op.input(0)) * reach(op.input(1))));
  nw_prelu_params p{};
  p.shape = o.walk;
  p.input_zero_point = op.input(0).quantization.zero_point();
  p.alpha_zero_point = op.input(1).quantization.zero_point();
  p.output_zero_point = op.output().quantization.zero_point();
  p.multiplier = positive.value;
  p.shift = positive.shift;
  p.alpha_multiplier = negative.value;
  p.alpha_shift = negative.shift;
  return p;
}

Result<Step> lower_prelu(const OpView& op, const LowerContext& context) {
  DType const x = op.input(0).dtype, alpha = op.input(1).dtype, y = op.output().dtype;
  DType const wanted = y == DType::float32 ? DType::float32 : DType::int8;
  if (x != y || alpha != wanted)
    return fail(ErrorKind::unsupported, std::string("data of ") + to_string(x) + " with alpha of " + to_string(alpha) +
                                            " and a result of " + to_string(y) + "; alpha of " + to_string(wanted) +
                                            " is needed");
  NARROW_TRY(Operands const o, operands_of(op));
  if (y == DType::float32) return lower_float_prelu(o);
  for (const Tensor* t : {&op.input(0), &op.input(1), &op.output()}) NARROW_CHECK(check_quantized(*t));
  NARROW_TRY(nw_prelu_params const p, params_of_prelu(op, o, context.profile));
  return call_step(kernel_call(y == DType::int8 ? kPreluI8 : kPreluI16, p, {operand(0), operand(1), result()}));
}

}  // namespace

// The runtimes' 16-bit kernels take alpha in 8 bits, which a constant activation of a 16-bit model is not.
const OpDef kPrelu{
    .name = "PRELU",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true, .roles = {Role::activation, Role::activation}, .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_prelu,
    .lower = lower_prelu,
    .channels = channels_always<ChannelFlow::apart>,
    .scaling_operands = 1,
};

}  // namespace narrow
