#include "ops/relu.h"

#include "ops/clamp.h"
#include "ops/unary.h"

namespace narrow {
namespace {

Result<Step> lower(const OpView& op, const LowerContext& context) {
  return lower_clamp(op, context, Activation::relu, true);
}

}  // namespace

const OpDef kRelu{
    .name = "RELU",
    .arity = {},
    .quant = {.int8 = true, .int16 = true, .roles = {Role::activation}, .versions = {.int8 = 2, .int16 = 3}},
    .infer = infer_unary,
    .lower = lower,
};

}  // namespace narrow
