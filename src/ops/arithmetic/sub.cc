#include "graph/attribute_type.h"
#include "ops/arithmetic/add_sub.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/elementwise.h"

namespace narrow {
namespace {

constexpr ByProfile<Forms> kFormsSub{.xnnpack = {.int8 = Form::delegate}};

Result<Step> lower_sub(const OpView& op, const LowerContext& context) {
  auto const& a = op.attributes<SubAttributes>();
  return lower_sum(op, context,
                   {.sign = -1,
                    .activation = a.activation,
                    .pot_scale_int16 = a.pot_scale_int16,
                    .forms = kFormsSub[context.profile]});
}

int version_sub(const OpView& op) {
  return broadcasts_far(op) ? 3 : 1;
}

}  // namespace

constexpr AttributeField kSubFields[] = {
    field<&SubAttributes::activation>("activation"),
    field<&SubAttributes::pot_scale_int16>("pot_scale_int16"),
};
const AttributeType SubAttributes::kType = attribute_type<SubAttributes>("Sub", kSubFields);

const OpDef kSub{
    .name = "SUB",
    .attributes = &SubAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::activation},
              .versions = {.int8 = 2, .int16 = 5},
              .rounds_by_rule = true,
              .far = FarValues::difference},
    .infer = infer_broadcast,
    .lower = lower_sub,
    .version = version_sub,
    .channels = channels_always<ChannelFlow::apart>,
    .scaling_operands = 2,
    .fuses_activation = true,
};

}  // namespace narrow
