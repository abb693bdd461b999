// SumInputs: which elements of the data each sum of a layer takes.
#pragma once

#include <cstdint>
#include <vector>

namespace narrow {

/// A layer's result at one position and channel is the sum over columns of weight * element of the data. The columns of
/// a sum are taps * run: at each tap, `run` consecutive elements of the data. Output channels are divided evenly among
/// groups; group g takes the elements from g * run on. Weights lie in the order of columns, for each output channel
/// (WeightLayout::ohwi and out_in), or channel by channel for each column (depthwise).
struct SumInputs {
  int64_t rows = 0;  // positions of the result: sums of one output channel
  int64_t taps = 0;
  int64_t run = 1;
  int64_t groups = 1;
  std::vector<int32_t> first;  // rows * taps: the first element of group 0 at each tap; -1: outside, where values are 0

  int64_t columns() const { return taps * run; }
};

}  // namespace narrow
