#include "ops/activations/activations.h"
#include "ops/activations/clamp.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"

namespace narrow {
namespace {

Result<Step> lower_relu(const OpView& op, const LowerContext& context) {
  return lower_clamp(op, context, Interval{.lo = 0}, true);
}

constexpr Interval kZeroToOne{.lo = 0, .hi = 1};
constexpr Interval kMinusOneToOne{.lo = -1, .hi = 1};

/// Only LiteRT has these, on 8 bits.
template <const Interval& kBounds>
Result<Step> lower_bounded(const OpView& op, const LowerContext& context) {
  DType const dtype = op.output().dtype;
  if (dtype == DType::int16) return fail(ErrorKind::unsupported, "no runtime computes it on int16");
  if (dtype == DType::int8) NARROW_CHECK(form_for(kFormsNotInTflm[context.profile], dtype));
  return lower_clamp(op, context, kBounds, true);
}

constexpr QuantRule kBoundedQuant{
    .int8 = true, .roles = {Role::activation}, .versions = {.int8 = 1, .int16 = 1}, .clamps = true};

}  // namespace

const OpDef kRelu{
    .name = "RELU",
    .arity = {},
    .quant =
        {.int8 = true, .int16 = true, .roles = {Role::activation}, .versions = {.int8 = 2, .int16 = 3}, .clamps = true},
    .infer = infer_unary,
    .lower = lower_relu,
    .channels = channels_always<ChannelFlow::rising>,
    .scaling_operands = 1,
    .acts_as = Activation::relu,
};

const OpDef kRelu0To1{.name = "RELU_0_TO_1",
                      .arity = {},
                      .quant = kBoundedQuant,
                      .infer = infer_unary,
                      .lower = lower_bounded<kZeroToOne>,
                      .channels = channels_always<ChannelFlow::rising>};

const OpDef kReluN1To1{.name = "RELU_N1_TO_1",
                       .arity = {},
                       .quant = kBoundedQuant,
                       .infer = infer_unary,
                       .lower = lower_bounded<kMinusOneToOne>,
                       .channels = channels_always<ChannelFlow::rising>};

}  // namespace narrow
