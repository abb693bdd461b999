#include <cmath>

#include "host/activation.h"
#include "ops/activations/activations.h"
#include "ops/activations/squash.h"

namespace narrow {
namespace {

constexpr Squash kFunctionTanh{.out8 = {1.0f / 128, 0},
                               .most_doublings = 1,
                               .real = host::tanh,
                               .exact = [](double x) { return std::tanh(x); },
                               .litert = litert_tanh,
                               .xnnpack = litert_tanh,
                               .fixed8 = &kTanhFixedI8,
                               .table16 = &kTanhI16,
                               .fixed16 = &kTanhFixedI16};

Result<Step> lower_tanh(const OpView& op, const LowerContext& context) {
  return lower_squash(op, context.profile, kFunctionTanh);
}

}  // namespace

const OpDef kTanh{.name = "TANH",
                  .arity = {},
                  .quant = squash_rule(kFunctionTanh),
                  .infer = infer_unary,
                  .lower = lower_tanh,
                  .channels = channels_always<ChannelFlow::apart>};

}  // namespace narrow
