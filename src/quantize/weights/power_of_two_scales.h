// Weight scales in Qm.n: powers of two, chosen by the error that they cause in the layer's results.
#pragma once

#include <vector>

#include "calibrate/channel_moments.h"
#include "quantize/weights/weight_channels.h"

namespace narrow {

/// By channel: of the finest power of two at which no weight saturates and the next two finer ones, the scale with the
/// least expected squared error of the layer's results. A result is off by the sum over its weights of rounding error *
/// input. Where the input channels have means m and variances v (`moments`), its expected square is
/// (sum of error * m)^2 + sum of error^2 * v, added up over the output channels that a scale serves. Without moments,
/// and where they do not fit the shape of the weights, it is the sum of error^2. `axis` is the dimension of the weights
/// that counts output channels.
std::vector<float> power_of_two_weight_scales(const Tensor& weights, const WeightChannels& channels, int axis, int bits,
                                              const ChannelMoments* moments);

}  // namespace narrow
