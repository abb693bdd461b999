// Channels of a float model whose scale is free: a layer can make them larger if the layers that read them take that
// back.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// Tensors whose channels are multiplied by the same factors, because ops between them pass channels on (RELU, ADD,
/// pools, RESHAPE). Channel c of the class is index c modulo `channels` of a tensor's last dimension.
struct ChannelClass {
  int channels = 0;
  std::vector<int> tensors;     // in rising order
  std::vector<size_t> writers;  // layers that compute one of them, by index in the graph
  std::vector<size_t> readers;  // layers that read one
};

/// The classes of graph `entry` whose factors are free: each has writers and readers, their weights and biases are
/// float constants that no other op reads, and nothing else touches a tensor of the class but ops whose results scale
/// with their operands (OpDef::scaling_operands). Not with RELU6 and other clamps, which do not scale.
std::vector<ChannelClass> channel_classes(const Model& model, int entry);

/// Factors of a class, one for each of its channels, all positive.
using ChannelFactors = std::vector<double>;

/// The model with the channels of each class multiplied by its factors: weights and biases of layers that write them
/// are multiplied, weights of layers that read them divided. It computes the same, but for rounding.
Model scale_channels(const Model& model, int entry, const std::vector<ChannelClass>& classes,
                     const std::vector<ChannelFactors>& factors);

}  // namespace narrow
