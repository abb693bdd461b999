// RELU and its bounded kin: integers are rescaled, then clamped.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

/// `rescales`: false where the runtime gives the result the data's scale, whatever the model says of it.
Result<Step> lower_clamp(const OpView& op, const LowerContext& context, const Interval& bounds, bool rescales);

}  // namespace narrow
