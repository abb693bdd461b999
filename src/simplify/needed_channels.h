// Which channels of an integer graph its outputs depend on.
#pragma once

#include <vector>

#include "simplify/channel_ranges.h"

namespace narrow {

/// By tensor and channel: whether the channel has to stay. Empty for tensors that keep all of theirs.
///
/// A channel goes where no sum that stays takes it: its weights are all zero, or it is constant and what it adds to the
/// sum is the same everywhere and goes into the bias exactly. Tensors whose channels an op keeps apart lose the same
/// ones; inputs and outputs of the graph, and what other ops read and write, keep all. Two channels always stay: one
/// scale would make weights per tensor and one channel a broadcast operand, which runtimes compute in other ways.
std::vector<std::vector<bool>> needed_channels(const Graph& graph, const ChannelRanges& channels);

}  // namespace narrow
