#include "ops/activations/tanh.h"

#include "host/activation.h"
#include "ops/activations/squash.h"

namespace narrow {
namespace {

constexpr Squash kFunctionTanh{.out8 = {1.0f / 128, 0},
                               .most_doublings = 1,
                               .real = host::tanh,
                               .litert = litert_tanh,
                               .xnnpack = litert_tanh,
                               .fixed8 = nw_tanh_fixed_i8,
                               .table16 = nw_tanh_i16,
                               .fixed16 = nw_tanh_fixed_i16};

Result<Step> lower_tanh(const OpView& op, const LowerContext& context) {
  return lower_squash(op, context, kFunctionTanh, context.profile.tanh);
}

}  // namespace

const OpDef kTanh{
    .name = "TANH", .arity = {}, .quant = squash_rule(kFunctionTanh), .infer = infer_unary, .lower = lower_tanh};

}  // namespace narrow
