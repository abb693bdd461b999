// ADD and SUB: one lowering. docs/arithmetic.md derives the integer forms.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/form.h"
#include "ops/def/op_def.h"

namespace narrow {

/// What tells the two ops apart under one profile.
struct SumForm {
  int sign = 1;  // -1: SUB
  Activation activation = Activation::none;
  bool pot_scale_int16 = false;
  Forms forms{};
};

Result<Step> lower_sum(const OpView& op, const LowerContext& context, const SumForm& form);

}  // namespace narrow
