#include "ops/relu6.h"

#include "ops/clamp.h"
#include "ops/unary.h"

namespace narrow {
namespace {

Result<Step> lower(const OpView& op, const LowerContext& context) {
  Forms const& forms = context.profile.relu6;
  bool const byte = op.output().dtype == DType::int8;
  return lower_clamp(op, context, Interval{0, 6}, (byte ? forms.int8 : forms.int16) == Form::reference);
}

}  // namespace

// TFLM does not rescale here, so the result keeps the data's scale. Nothing is lost: it holds no values but the data's.
const OpDef kRelu6{
    .name = "RELU6",
    .arity = {},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation},
              .output8 = ScaleRule::same,
              .output16 = ScaleRule::same,
              .versions = {.int8 = 2, .int16 = 3}},
    .infer = infer_unary,
    .lower = lower,
};

}  // namespace narrow
