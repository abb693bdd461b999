#include "graph/attribute_type.h"
#include "ops/arithmetic/add_sub.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/elementwise.h"

namespace narrow {
namespace {

constexpr ByProfile<Forms> kFormsAdd{.xnnpack = {Form::delegate, Form::optimized}};

Result<Step> lower_add(const OpView& op, const LowerContext& context) {
  auto const& a = op.attributes<AddAttributes>();
  return lower_sum(op, context,
                   {.sign = 1,
                    .activation = a.activation,
                    .pot_scale_int16 = a.pot_scale_int16,
                    .forms = kFormsAdd[context.profile]});
}

}  // namespace

constexpr AttributeField kAddFields[] = {
    field<&AddAttributes::activation>("activation"),
    field<&AddAttributes::pot_scale_int16>("pot_scale_int16"),
};
const AttributeType AddAttributes::kType = attribute_type<AddAttributes>("Add", kAddFields);

const OpDef kAdd{
    .name = "ADD",
    .attributes = &AddAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::activation},
              .versions = {.int8 = 2, .int16 = 3},
              .rounds_by_rule = true,
              .far = FarValues::sum},
    .infer = infer_broadcast,
    .lower = lower_add,
    .channels = channels_always<ChannelFlow::rising>,
    .scaling_operands = 2,
    .fuses_activation = true,
};

}  // namespace narrow
