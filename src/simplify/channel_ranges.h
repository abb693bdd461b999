// What the channels of an integer graph can hold, whatever its inputs are.
#pragma once

#include <optional>
#include <vector>

#include "simplify/layer_sums.h"

namespace narrow {

/// Whether `tensor` holds activations of 8 or 16 bits with one scale, in channels whose number is fixed.
bool has_channels(const Tensor& tensor);

/// What is known of a graph's channels under all profiles that compute it.
struct ChannelRanges {
  std::vector<ChannelFlow> flows;                 // by op; mixed also where operands are no integers
  std::vector<std::vector<ChannelRange>> ranges;  // by tensor; empty for those without channels
  std::vector<std::vector<int64_t>> bias_steps;   // by op and output of a layer: how much one step of the stored
                                                  // bias adds to the sum; 0: that depends on the profile
};

/// Constants hold what they hold, inputs anything; ops are followed in order, by running their kernels: at the ends of
/// the sums that a layer can make, and on operands filled with the least and the greatest value of each channel.
/// Nothing where no profile has kernels for all ops that do not mix channels.
std::optional<ChannelRanges> channel_ranges(const Graph& graph);

}  // namespace narrow
