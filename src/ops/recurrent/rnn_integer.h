// Layers without gates on integers.
#pragma once

#include "ops/recurrent/rnn_layer.h"

namespace narrow {

/// The step of an op whose data is int8 or int16, as kernels/portable/recurrent/rnn.h has it. Op::intermediates have
/// the scales of values inside, where the function is neither sigmoid nor tanh. unsupported for other types and scales,
/// and for functions that have no form in integers.
Result<Step> lower_integer_rnn(const OpView& op, const RnnLayer& layer);

}  // namespace narrow
