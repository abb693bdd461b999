#include "ops/activations/activations.h"
#include "ops/activations/clamp.h"
#include "ops/arithmetic/unary.h"

namespace narrow {
namespace {

// TFLM takes the stored integers as they are.
constexpr ByProfile<bool> kRescalesRelu6{.litert = true, .xnnpack = true};

Result<Step> lower_relu6(const OpView& op, const LowerContext& context) {
  return lower_clamp(op, context, Interval{0, 6}, kRescalesRelu6[context.profile]);
}

}  // namespace

// TFLM does not rescale here, so the result keeps the data's scale. It costs nothing where nobody else reads the data:
// the scale then need not reach beyond the result's range.
const OpDef kRelu6{
    .name = "RELU6",
    .arity = {},
    .quant = clamping(moving_rule({Role::activation}, {.int8 = 2, .int16 = 3})),
    .infer = infer_unary,
    .lower = lower_relu6,
    .channels = channels_always<ChannelFlow::rising>,
    .acts_as = Activation::relu6,
};

}  // namespace narrow
