// Single ops run on values of our choice, to see what their channels can hold.
#pragma once

#include <optional>
#include <vector>

#include "simplify/layer_sums.h"

namespace narrow {

/// One end of a range.
using RangeEnd = int64_t ChannelRange::*;

/// The integers that an 8 or 16-bit type holds.
ChannelRange full_range(DType dtype);

/// The least and greatest value of each channel of a constant.
std::vector<ChannelRange> ranges_of_constant(const Tensor& constant);

/// The least and greatest value in each channel of the op's result, where every computed operand is filled with that
/// end of its channels' `ranges` (by tensor). Nothing where the profile does not run the op.
std::optional<std::vector<ChannelRange>> results_at(const Graph& graph, const Op& op, const ProfileDef& profile,
                                                    const std::vector<std::vector<ChannelRange>>& ranges, RangeEnd end);

/// What a layer makes of these sums, one for each output: its kernel is run on data that adds nothing to them, with the
/// sums in place of the bias. Nothing where the profile does not run that.
std::optional<std::vector<int64_t>> rounded_sums(const OpView& op, const ProfileDef& profile,
                                                 const std::vector<int64_t>& sums);

}  // namespace narrow
