// Weight rounding: how the real weights of a layer become integers once their scales are chosen.
#pragma once

#include <cstdint>
#include <vector>

#include "calibrate/channel_moments.h"
#include "narrow/types.h"
#include "quantize/weights/weight_channels.h"
#include "quantize/weights/weight_objective.h"

namespace narrow {

/// The weights of one layer, ready to be rounded.
struct ScaledWeights {
  const Tensor& weights;  // a float32 constant with finite values
  const WeightChannels& channels;
  const std::vector<float>& scales;            // by channel
  int bits = 8;                                // of the integers: 4, 6, 8 or 16
  int axis = 0;                                // dimension of the weights that counts output channels
  const ChannelMoments* moments = nullptr;     // of the layer's input; null where they are not known
  const WeightObjective* objective = nullptr;  // what integers are chosen by; null where it is not known

  double scale_of(size_t channel) const { return static_cast<double>(scales[scales.size() > 1 ? channel : 0]); }
};

/// A rounding strategy. Its integers have the order of the weights and lie within +-symmetric_limit(bits).
struct RoundingStrategy {
  const char* name;
  std::vector<int16_t> (*round)(const ScaledWeights&);
  bool by_objective = false;  // goes by ScaledWeights::objective, and rounds to nearest where there is none
  bool by_factors = false;    // needs WeightObjective::factor
};

/// Each weight by itself to the nearest integer, ties away from zero.
std::vector<int16_t> round_to_nearest(const ScaledWeights& layer);

/// From the nearest integers on: changes one integer of a channel after the other to the one with the least error while
/// all others stay, for up to 20 rounds or until none changes. Never worse than the nearest ones by the objective.
std::vector<int16_t> round_by_descent(const ScaledWeights& layer);

/// Rounds the columns one by one, those whose inputs vary most first, and moves the weights that are still to be
/// rounded so that they make up for the error (Frantar et al., GPTQ, 2022, algorithm 1); then descends from there.
/// Where nearest integers and a descent from them have less error, those.
std::vector<int16_t> round_by_gptq(const ScaledWeights& layer);

inline constexpr RoundingStrategy kRoundNearest{"nearest", round_to_nearest};
inline constexpr RoundingStrategy kRoundDescent{"descent", round_by_descent, true};
inline constexpr RoundingStrategy kRoundGptq{"gptq", round_by_gptq, true, true};

/// How the integers of a layer are chosen, once the moments of its input are known.
struct WeightChoice {
  const RoundingStrategy* rounding = &kRoundNearest;
  bool feedback = false;         // see WeightObjective
  bool scale_search = false;     // smaller scales are tried, at which the largest weights saturate
  bool bias_correction = false;  // see corrected_bias
  bool operator==(const WeightChoice&) const = default;
  bool needs_moments() const { return rounding->by_objective || bias_correction; }
};

/// The choice for layers of these widths in bits that a rounding is asked for of, with what goes with it: prefix
/// feedback pays where weights lose more than activations do, other scales where weights have few bits.
WeightChoice choice_with(WeightRounding rounding, int weights, int activations);

/// The multiple of `scale`, in steps of it, that is nearest to `value`, saturated to +-limit.
float nearest_step(float value, float scale, float limit);

/// The weights as a constant of int8 (`four_bits` for those of 4) or int16 with per-channel scales, or per-tensor ones
/// where there is one channel.
Tensor store_weights(const ScaledWeights& layer, const std::vector<int16_t>& integers);

}  // namespace narrow
