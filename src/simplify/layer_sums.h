// The sums that an integer layer makes, channel by channel.
#pragma once

#include <algorithm>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// Stored integers that a channel may hold, both ends included.
struct ChannelRange {
  int64_t lo = 0;
  int64_t hi = 0;
  bool constant() const { return lo == hi; }
  void widen(int64_t value) { widen(ChannelRange{value, value}); }
  void widen(const ChannelRange& other) {
    lo = std::min(lo, other.lo);
    hi = std::max(hi, other.hi);
  }
  void move(int64_t by) {
    lo += by;
    hi += by;
  }
};

/// What a sum takes of one channel of the layer's input: the sums of its positive and of its negative weights, over all
/// positions of the window.
struct ChannelTerm {
  int64_t positive = 0;
  int64_t negative = 0;
  /// Whether the channel has a say in the sum at all.
  bool used() const { return positive != 0 || negative != 0; }
};

/// A layer, of ChannelFlow::layer or bordered, as sums over channels; what is about values, of integer ones only.
/// Inputs are the indices along which the weights go over the data: its channels or, where rows of a matrix product
/// hold several pixels, a multiple of them.
class LayerSums {
 public:
  /// The weights are a constant of one of the layouts, the data has channels.
  LayerSums(const OpView& op, ChannelFlow flow);

  int outputs() const { return outputs_; }
  int inputs() const { return inputs_; }
  /// The channel of the data that an input belongs to.
  int channel_of(int input) const { return input % data_channels_; }
  /// Whether each output sums over one input alone, as those of a depthwise layer over several channels do.
  bool one_by_one() const { return depthwise_ && inputs_ > 1; }
  /// The first input that an output sums over.
  int first_input(int output) const { return one_by_one() ? output / (outputs_ / inputs_) : 0; }
  /// For one output: the terms of all inputs, or the only one of `first_input`.
  std::vector<ChannelTerm> terms(int output) const;

  /// Whether some sums leave out elements of the window, which count as if they held the zero point.
  bool bordered() const { return bordered_; }
  int64_t input_zero_point() const { return zero_point_; }

  /// The output and the input that element `e` of the weights belongs to.
  int output_of(int64_t e) const { return static_cast<int>(depthwise_ ? e % outputs_ : e / (taps_ * inputs_)); }
  int input_of(int64_t e) const { return depthwise_ ? first_input(output_of(e)) : static_cast<int>(e % inputs_); }

  /// What the input's channel adds to the least and to the greatest sum, where it holds values of that range.
  ChannelRange reach(const ChannelTerm& term, const ChannelRange& values) const;

 private:
  int64_t weight(int64_t e) const;

  Tensor weights_;  // shares its values with the graph
  bool depthwise_;
  bool bordered_;
  int outputs_;
  int inputs_;
  int data_channels_;
  int64_t taps_;  // positions of the window
  int64_t zero_point_;
  int64_t weight_zero_point_;
};

/// The element type of the layer's bias; where it has none, the one that it computes as if it had.
DType bias_type(const OpView& op);

/// The stored integers of the bias of a layer, one for each output; zeros where it has none.
std::vector<int64_t> stored_bias(const OpView& op, int outputs);

/// The scale of a bias in steps of the sums of `output`.
float sum_scale(const OpView& op, int output);

}  // namespace narrow
