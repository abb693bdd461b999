#include "quantize/weights/power_of_two_scales.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "quantize/params.h"
#include "quantize/weights/moments_by_weight.h"
#include "quantize/weights/rounding.h"

namespace narrow {
namespace {

constexpr size_t kCandidates = 3;  // the finest scale without saturation, half of it, and a quarter
using ByCandidate = std::array<double, kCandidates>;

}  // namespace

std::vector<float> power_of_two_weight_scales(const Tensor& weights, const WeightChannels& channels, int axis, int bits,
                                              const ChannelMoments* moments) {
  std::span<const float> const w = weights.values<float>();
  MomentsByWeight const input(weights.shape, axis, moments);
  WeightChannels const results = weight_channels(weights, axis, Granularity::channel);
  std::vector<float> scales = largest_weights(w, channels);
  int const fewer = std::max(8 - bits, 0);  // bits than those of int8, in which such weights are stored
  for (float& m : scales) m = std::ldexp(power_of_two_params({-m, m}, bits).scale, fewer);

  // `squares` becomes the expected squared error by scale; `bias` is the expected error by output channel.
  std::vector<ByCandidate> squares(channels.count, ByCandidate{}), bias(results.count, ByCandidate{});
  auto const limit = static_cast<float>(symmetric_limit(bits));
  for (size_t i = 0; i < w.size(); ++i)
    for (size_t k = 0; k < kCandidates; ++k) {
      float const scale = std::ldexp(scales[channels.of(i)], -static_cast<int>(k));
      double const e = static_cast<double>(w[i]) - static_cast<double>(nearest_step(w[i], scale, limit) * scale);
      squares[channels.of(i)][k] += e * e * input.variance(i);
      bias[results.of(i)][k] += e * input.mean(i);
    }
  for (size_t r = 0; r < results.count; ++r)
    for (size_t k = 0; k < kCandidates; ++k) squares[channels.count > 1 ? r : 0][k] += bias[r][k] * bias[r][k];

  for (size_t c = 0; c < scales.size(); ++c) {
    auto const best = std::min_element(squares[c].begin(), squares[c].end()) - squares[c].begin();
    scales[c] = std::ldexp(scales[c], -static_cast<int>(best));
  }
  return scales;
}

}  // namespace narrow
