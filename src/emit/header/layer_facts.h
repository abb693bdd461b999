// Facts of the integer ops with weights, beyond the parameters of their kernels.
#pragma once

#include "emit/header/op_facts.h"
#include "ops/def/kernel_call.h"
#include "rows/rounding.h"

namespace narrow {

/// Adds how the accumulators of a layer become outputs, BIAS_LSHIFT where the bias has shifts or all factors are powers
/// of two, and in the second case OUT_RSHIFT, which takes the place of multipliers and shifts unless they are rounded
/// twice. With an S at the end: lists by channel, where channels differ.
void add_layer(const KernelCall& call, OpFacts& facts);

/// How multipliers and shifts are used; `wide`: with 64-bit sums. `rule` is read where the rounding is by rule.
RoundingText rounding_text(Rounding rounding, RoundingRule rule, bool wide);

/// How OUT_RSHIFT is used; not for RoundingRule::twice.
RoundingText shift_text(RoundingRule rule);

}  // namespace narrow
