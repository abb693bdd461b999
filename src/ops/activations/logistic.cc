#include <cmath>

#include "host/activation.h"
#include "ops/activations/activations.h"
#include "ops/activations/squash.h"

namespace narrow {
namespace {

constexpr Squash kFunctionLogistic{.out8 = {1.0f / 256, -128},
                                   .in_q7 = true,
                                   .real = host::logistic,
                                   .exact = [](double x) { return 1 / (1 + std::exp(-x)); },
                                   .litert = litert_logistic,
                                   .xnnpack = xnnpack_logistic,
                                   .fixed8 = &kLogisticFixedI8,
                                   .table16 = &kLogisticI16,
                                   .fixed16 = &kLogisticFixedI16};

Result<Step> lower_logistic(const OpView& op, const LowerContext& context) {
  return lower_squash(op, context.profile, kFunctionLogistic);
}

}  // namespace

const OpDef kLogistic{.name = "LOGISTIC",
                      .arity = {},
                      .quant = squash_rule(kFunctionLogistic),
                      .infer = infer_unary,
                      .lower = lower_logistic,
                      .channels = channels_always<ChannelFlow::apart>};

}  // namespace narrow
