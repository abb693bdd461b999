// Weight rounding: how the real weights of a layer become integers once their scales are chosen.
#pragma once

#include <cstdint>
#include <vector>

#include "calibrate/channel_moments.h"
#include "quantize/weights/weight_channels.h"

namespace narrow {

/// The weights of one layer, ready to be rounded.
struct ScaledWeights {
  const Tensor& weights;  // a float32 constant with finite values
  const WeightChannels& channels;
  const std::vector<float>& scales;         // by channel
  int bits = 8;                             // of the integers: 4, 6, 8 or 16
  int axis = 0;                             // dimension of the weights that counts output channels
  const ChannelMoments* moments = nullptr;  // of the layer's input; null where they are not known
};

/// A rounding strategy. Its integers have the order of the weights and lie within +-symmetric_limit(bits).
struct WeightRounding {
  const char* name;
  std::vector<int16_t> (*round)(const ScaledWeights&);
};

/// Each weight by itself to the nearest integer, ties away from zero.
std::vector<int16_t> round_to_nearest(const ScaledWeights& layer);

inline constexpr WeightRounding kRoundNearest{"nearest", round_to_nearest};

/// The multiple of `scale`, in steps of it, that is nearest to `value`, saturated to +-limit.
float nearest_step(float value, float scale, float limit);

/// The weights as a constant of int8 (`four_bits` for those of 4) or int16 with per-channel scales, or per-tensor ones
/// where there is one channel.
Tensor store_weights(const ScaledWeights& layer, const std::vector<int16_t>& integers);

}  // namespace narrow
