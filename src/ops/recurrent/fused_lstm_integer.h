// UNIDIRECTIONAL_SEQUENCE_LSTM on integers.
#pragma once

#include "ops/recurrent/fused_lstm.h"

namespace narrow {

/// The step of an op whose data is int8 or int16: weights int8, int4 or (beside int16 data) int16, all of one type,
/// with one scale each and zero point 0, peepholes int16, biases int32 (int64 beside int16 data; any where the model
/// says its arithmetic), hidden state of the data's type, cell state int16 with a scale from 2^-15 to 2^-9 that is a
/// power of two. A state is a variable, or a constant of zeros, with which each sample begins then.
/// Op::intermediates[4] has the scale of what goes into a projection; LiteRT takes it without one as well. unsupported
/// for other types and scales, and for what the runtime does not have.
Result<Step> lower_integer_lstm(const OpView& op, const FusedLstm& l, const ProfileDef& profile);

}  // namespace narrow
