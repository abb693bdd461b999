// Integer biases of a layer whose weight scales are chosen.
#pragma once

#include <vector>

#include "base/result.h"
#include "quantize/weights/layer_spec.h"

namespace narrow {

/// A stored bias, and what its width cost.
struct StoredBias {
  Tensor tensor;
  int bits = 0;         // 0 where TFLite's rules made it
  int least_shift = 0;  // k of bias scale = input scale * weight scale * 2^k: the least over the channels
  int most_shift = 0;   // and the greatest
  double error = 0;     // the largest rounding error, in steps (LSB) of the result
};

/// The real values of a bias: a float32 constant, or integers of any width with scales. Empty for null.
std::vector<double> real_bias(const Tensor* bias);

/// TFLite's bias: the scale is input scale * weight scale, the width spec.widths.bias (32 or 64). Each value must fit
/// it. The tensor takes its name and shape from `like`.
StoredBias tflite_bias(const Tensor& like, const std::vector<double>& values, const std::vector<float>& weight_scales,
                       const LayerSpec& spec);

/// A bias of spec.widths.bias bits, any width: the scale is input scale * weight scale * 2^k with the least k >= 0, per
/// channel, at which the value fits (one k for all in Qm.n with one weight scale). Values must stay below 2^47 steps of
/// input scale * weight scale.
StoredBias shifted_bias(const Tensor& like, const std::vector<double>& values, const std::vector<float>& weight_scales,
                        const LayerSpec& spec);

}  // namespace narrow
