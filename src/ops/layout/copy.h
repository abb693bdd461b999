// Ops whose result holds the operand's elements unchanged and in order.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// A step that copies operand 0 to result 0, whatever the element type.
Result<Step> lower_copy(const OpView& op, const LowerContext& context);

}  // namespace narrow
