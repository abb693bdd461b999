// Functions made of two lines that meet at 0, on quantized integers.
#pragma once

#include "ops/op_def.h"

namespace narrow {

/// The step of an op of one operand, int8 or int16: values over 0 times `above`, others times `below`, in units of the
/// result. Operands are checked to be quantized.
Result<Step> lower_slopes(const OpView& op, const LowerContext& context, float above, float below);

}  // namespace narrow
