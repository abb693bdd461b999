// Weights in Qm.n: which power of two each channel's scale is.
#pragma once

#include <vector>

#include "calibrate/channel_moments.h"
#include "quantize/weights/weight_channels.h"

namespace narrow {

/// Of the finest scale that clips nothing and those up to two bits finer, the one with the least expected squared error
/// of the layer's results. A result is off by the sum of the weights' errors times what the input holds: where its
/// channels have means m and variances v (`input`, null where they are not known), the error's square is expected to be
/// (sum of error * m)^2 + sum of error^2 * v, added up over the results that a scale serves. Without them, and where
/// they do not fit the weights' shape, it is the weights' own squared error. `axis` is the dimension of the weights
/// that counts results.
std::vector<float> power_of_two_weight_scales(const Tensor& weights, const WeightChannels& channels, int axis, int bits,
                                              const ChannelMoments* input);

}  // namespace narrow
