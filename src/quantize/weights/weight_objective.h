// WeightObjective: the squared error that integers for a layer's weights make in its results, from the moments of its
// input.
//
// With weights w, integers q and scale s, a result is off by x.(s q) - f.w, where x and f are what the weights multiply
// in the quantized and in the float network. Its variance over all rows is, up to what no choice of q changes,
//     (s q - w*)' G (s q - w*)
// with G the covariance of x, which the bias makes up for the mean of (corrected_bias). w* is w, or with prefix
// feedback
//     w* = (G + lambda I)^-1 (C w + lambda w),   C the covariance of x and f,   lambda = 0.1 * trace(G) / columns:
// weights that undo part of what the layers before have lost. Without a bias, moments about 0 take the place of
// covariances.
#pragma once

#include <span>
#include <vector>

#include "calibrate/input_moments.h"
#include "graph/tensor.h"

namespace narrow {

/// The element of a layer's weights that belongs to an output channel and to a column of its sums (SumInputs). `axis`
/// is the dimension of the weights that counts output channels: the first, where each channel's weights lie together,
/// or the last.
inline size_t weight_element(int axis, size_t channels, size_t columns, size_t channel, size_t column) {
  return axis > 0 ? column * channels + channel : channel * columns + column;
}

class WeightObjective {
 public:
  struct Options {
    bool centred = true;  // the layer has a bias, which takes up the mean of the error
    bool feedback =
        false;          // w* is not w; only where there are 20 rows for each column and `moments` hold the cross ones
    bool gptq = false;  // factors() will be asked for
  };

  /// `weights` is a float32 constant whose output channels are counted by dimension `axis`: the first (each channel's
  /// weights lie together), or another one, which is then the last.
  WeightObjective(const Tensor& weights, int axis, const InputMoments& moments, const Options& options);

  size_t channels() const { return channels_; }
  size_t columns() const { return columns_; }  // of a block
  size_t blocks() const { return blocks_; }    // of a channel
  /// The element of the weights that belongs to a channel and to column `column` of its blocks, all in a row.
  size_t element(size_t channel, size_t column) const {
    return weight_element(axis_, channels_, columns_ * blocks_, channel, column);
  }

  /// w* of a block of a channel.
  std::span<const double> target(size_t channel, size_t block) const {
    return {targets_.data() + (channel * blocks_ + block) * columns_, columns_};
  }
  /// G of a block of a channel, columns * columns.
  std::span<const double> covariance(size_t channel, size_t block) const { return of(covariances_, channel, block); }
  /// U of U'U = (P (G + 0.01 mean(diag G) I) P')^-1, upper triangular, with P the order of columns.
  std::span<const double> factor(size_t channel, size_t block) const { return of(factors_, channel, block); }
  /// Columns by falling variance: P.
  std::span<const int> order(size_t channel, size_t block) const {
    return {orders_.data() + matrix(channel, block) * columns_, columns_};
  }

  /// (s q - w*)' G (s q - w*) of all blocks of a channel, where `integers` are those of the whole layer.
  double error(size_t channel, double scale, std::span<const int16_t> integers) const;

 private:
  size_t matrix(size_t channel, size_t block) const { return channel / (channels_ / groups_) * blocks_ + block; }
  std::span<const double> of(const std::vector<double>& matrices, size_t channel, size_t block) const {
    return {matrices.data() + matrix(channel, block) * columns_ * columns_, columns_ * columns_};
  }
  void set_covariances(const InputMoments& moments, bool centred);
  void set_targets(const Tensor& weights);
  void feed_back(const InputMoments& moments, bool centred);
  void factorize();

  size_t channels_;
  size_t columns_;
  size_t blocks_;
  size_t groups_;
  int axis_;
  std::vector<double> covariances_;
  std::vector<double> targets_;
  std::vector<double> factors_;
  std::vector<int> orders_;
};

/// The bias, as a real value for each channel, with which the mean of each result is the float network's: b + f.w -
/// x.(s q) of the means. `integers` are the layer's weights in the order of the constant, `scales` theirs (one or one a
/// channel), `input_scale` that of the input.
std::vector<double> corrected_bias(const std::vector<double>& bias, const Tensor& weights, int axis,
                                   const InputMoments& moments, std::span<const int16_t> integers,
                                   std::span<const float> scales, float input_scale);

}  // namespace narrow
