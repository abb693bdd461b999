// Facts of the ops that have a window or weights.
#pragma once

#include "emit/header/op_facts.h"

namespace narrow {

/// Adds sizes, strides, padding, bounds, and for integer layers the factors that narrow's kernels use; nothing for
/// other ops.
void add_layer_facts(const OpView& op, OpFacts& facts);

/// Adds BIAS_LSHIFT and OUT_RSHIFT of a layer whose scales are powers of two, and BIAS_LSHIFT of one whose bias is
/// stored in steps of 2^k products; with an S at the end, lists by channel, where channels differ.
void add_shifts(const OpView& op, size_t data, size_t weights, size_t bias, int channels, OpFacts& facts);

}  // namespace narrow
