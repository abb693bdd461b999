// MomentsByWeight: what is known of the input value that each weight of a layer multiplies.
#pragma once

#include "base/shape.h"
#include "calibrate/channel_moments.h"

namespace narrow {

/// Finds the input channel of each weight by the shape of the weights: convolutions (grouped ones too), depthwise
/// convolutions (axis > 0: output channels are the last dimension, several for each input channel) and dense layers,
/// whose input may be flattened with the channels innermost. Where moments are not known or do not fit the shape, every
/// input has mean 0 and variance 1.
class MomentsByWeight {
 public:
  /// `axis` is the dimension of the weights that counts output channels; `moments` may be null.
  MomentsByWeight(const Shape& weights, int axis, const ChannelMoments* moments);

  /// Of the input that element `weight` multiplies.
  double mean(size_t weight) const { return moments_ ? moments_->mean[channel(weight)] : 0; }
  double variance(size_t weight) const { return moments_ ? moments_->variance[channel(weight)] : 1; }

 private:
  size_t channel(size_t weight) const {
    size_t const place = weight % last_;
    return per_input_ > 0 ? place / per_input_ : weight / group_ * last_ + place % channels_;
  }

  const ChannelMoments* moments_ = nullptr;
  size_t last_ = 1;       // size of the last dimension
  size_t per_input_ = 0;  // depthwise: output channels of one input channel
  size_t channels_ = 1;   // otherwise: after how many elements input channels repeat along the last dimension
  size_t group_ = 1;      // otherwise: weights of one convolution group
};

}  // namespace narrow
