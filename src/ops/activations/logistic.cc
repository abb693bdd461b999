#include "ops/activations/logistic.h"

#include "host/activation.h"
#include "ops/activations/squash.h"

namespace narrow {
namespace {

void fixed16(nw_i32 count, int, const nw_i16* in, nw_i16* out) {
  nw_logistic_fixed_i16(count, in, out);
}

constexpr Squash kFunctionLogistic{.out8 = {1.0f / 256, -128},
                                   .in_q7 = true,
                                   .real = host::logistic,
                                   .litert = litert_logistic,
                                   .xnnpack = xnnpack_logistic,
                                   .fixed8 = nw_logistic_fixed_i8,
                                   .table16 = nw_logistic_i16,
                                   .fixed16 = fixed16};

Result<Step> lower_logistic(const OpView& op, const LowerContext& context) {
  return lower_squash(op, context, kFunctionLogistic, context.profile.logistic);
}

}  // namespace

const OpDef kLogistic{.name = "LOGISTIC",
                      .arity = {},
                      .quant = squash_rule(kFunctionLogistic),
                      .infer = infer_unary,
                      .lower = lower_logistic};

}  // namespace narrow
