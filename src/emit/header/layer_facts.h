// Facts of the ops that have a window or weights.
#pragma once

#include "emit/header/op_facts.h"
#include "ops/layers/integer_layer.h"

namespace narrow {

/// Adds sizes, strides, padding, bounds, and for integer layers the factors that narrow's kernels use; nothing for
/// other ops.
void add_layer_facts(const OpView& op, OpFacts& facts);

/// Adds BIAS_LSHIFT where the bias of the layer has shifts or all scales are powers of two, and in the second case
/// OUT_RSHIFT; with an S at the end, lists by channel, where channels differ. Whether it has added the latter.
/// `bias_shift`: of the biases, by channel; empty where they have none.
bool add_shifts(const OpView& op, const LayerOperands& at, const std::vector<uint8_t>& bias_shift, OpFacts& facts);

/// How multipliers and shifts are used; `wide`: with 64-bit sums. `rule` is read where the rounding is by rule.
RoundingText rounding_text(Rounding rounding, RoundingRule rule, bool wide);

/// How OUT_RSHIFT is used; not for RoundingRule::twice.
RoundingText shift_text(RoundingRule rule);

}  // namespace narrow
