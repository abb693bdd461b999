// Functions made of two lines that meet at 0, on quantized integers.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// The step of an op of one operand, int8 or int16: values over 0 times `above`, others times `below`, in units of the
/// result. Operands are checked to be quantized.
Result<Step> lower_slopes(const OpView& op, double above, double below);

/// Scale of operand 0 times `slope` over the result's, as the runtime computes it: in the type that
/// kRatio says.
double rescale_ratio(const OpView& op, const ProfileDef& profile, float slope = 1);

}  // namespace narrow
