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
bool add_shifts(const OpView& op, const LayerOperands& at, const IntegerLayer& layer, OpFacts& facts);

/// How multipliers and shifts are used.
RoundingText rounding_text(const IntegerLayer& layer);

/// How OUT_RSHIFT is used; not for RoundingRule::twice.
RoundingText shift_text(RoundingRule rule);

}  // namespace narrow
