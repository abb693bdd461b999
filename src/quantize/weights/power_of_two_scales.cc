#include "quantize/weights/power_of_two_scales.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "quantize/params.h"

namespace narrow {
namespace {

constexpr size_t kFormats = 3;
using ByFormat = std::array<double, kFormats>;

/// What each weight of a layer is multiplied with.
class Factors {
 public:
  Factors(const Shape& weights, int axis, const ChannelMoments* input) {
    if (!input || input->mean.empty() || weights.rank() < 2) return;
    auto const channels = static_cast<int64_t>(input->mean.size());
    int64_t const last = weights[weights.rank() - 1], results = weights[axis];
    last_ = static_cast<size_t>(last);
    if (axis > 0) {  // depthwise: results are the last dimension, some for each channel
      if (last % channels != 0) return;
      each_ = static_cast<size_t>(last / channels);
    } else if (weights.rank() == 2) {  // dense, the channels maybe flattened with what is before them
      if (last % channels != 0) return;
      channels_ = static_cast<size_t>(channels);
      group_ = static_cast<size_t>(weights.elements());
    } else {  // groups of channels, each for some of the results
      if (channels % last != 0 || results % (channels / last) != 0) return;
      channels_ = last_;
      group_ = static_cast<size_t>(weights.elements() / (channels / last));
    }
    input_ = input;
  }

  double mean(size_t weight) const { return input_ ? input_->mean[channel(weight)] : 0; }
  double variance(size_t weight) const { return input_ ? input_->variance[channel(weight)] : 1; }

 private:
  size_t channel(size_t weight) const {
    size_t const place = weight % last_;
    return each_ > 0 ? place / each_ : weight / group_ * last_ + place % channels_;
  }

  const ChannelMoments* input_ = nullptr;
  size_t last_ = 1;
  size_t each_ = 0;      // results of a channel, where the last dimension counts them
  size_t channels_ = 1;  // else: of the input, after which they repeat along the last dimension
  size_t group_ = 1;     // and weights of a group
};

}  // namespace

std::vector<float> power_of_two_weight_scales(const Tensor& weights, const WeightChannels& channels, int axis, int bits,
                                              const ChannelMoments* input) {
  std::span<const float> const w = weights.values<float>();
  Factors const factors(weights.shape, axis, input);
  WeightChannels const results = weight_channels(weights, axis, Granularity::channel);
  std::vector<float> scales = largest_weights(w, channels);
  for (float& m : scales) m = power_of_two_params({-m, m}, bits).scale;
  std::vector<ByFormat> spread(channels.count, ByFormat{}), offset(results.count, ByFormat{});
  auto const limit = static_cast<float>(symmetric_limit(bits));
  for (size_t i = 0; i < w.size(); ++i)
    for (size_t f = 0; f < kFormats; ++f) {
      float const scale = std::ldexp(scales[channels.of(i)], -static_cast<int>(f));
      double const e = static_cast<double>(w[i]) - static_cast<double>(to_weight(w[i], scale, limit) * scale);
      spread[channels.of(i)][f] += e * e * factors.variance(i);
      offset[results.of(i)][f] += e * factors.mean(i);
    }
  for (size_t r = 0; r < results.count; ++r)
    for (size_t f = 0; f < kFormats; ++f) spread[channels.count > 1 ? r : 0][f] += offset[r][f] * offset[r][f];
  for (size_t c = 0; c < scales.size(); ++c) {
    auto const best = std::min_element(spread[c].begin(), spread[c].end()) - spread[c].begin();
    scales[c] = std::ldexp(scales[c], -static_cast<int>(best));
  }
  return scales;
}

}  // namespace narrow
