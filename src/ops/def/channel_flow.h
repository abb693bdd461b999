// ChannelFlow: how channels pass through an op. A channel is an index of the last dimension, that of NHWC data.
#pragma once

#include <cstdint>

namespace narrow {

struct OpView;

/// Where the values of a channel of an op's only result come from.
enum class ChannelFlow : uint8_t {
  mixed,    // nothing is known
  apart,    // the activation operands' values in the same channel, by a function that is the same for all channels.
            // Channels are the same if they are equal modulo the greatest common divisor of their numbers: operands may
            // be broadcast, and dimensions joined
  rising,   // likewise, and no value of the result falls where a value of an operand rises
  layer,    // sums of the data's channels times weights (OpDef::weight_layout), each over whole windows
  bordered  // likewise, but sums leave out what lies outside of the data
};

/// The ChannelFlow of an op that has the same whatever its attributes and shapes are, for OpDef::channels.
template <ChannelFlow flow>
ChannelFlow channels_always(const OpView&) {
  return flow;
}

}  // namespace narrow
