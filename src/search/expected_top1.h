// How many samples a quantized model gets right, expected from the margins of the float model and the size of the
// errors: far less a matter of chance than the samples that it happens to win and lose.
#pragma once

#include <span>
#include <vector>

#include "search/output_values.h"

namespace narrow {

struct ExpectedTop1 {
  double float_right = 0;  // samples whose largest value in `real` is the label's
  double right = 0;        // expected of outputs with errors like those of the other model
};

/// By output `output`, with a value for each class. A sample's margin is its label's value less the largest other one;
/// errors of that difference, between `real` and `quantized`, are taken as normal, with mean 0 and a variance that is
/// their mean square over all samples. `labels` has one for each sample.
ExpectedTop1 expected_top1(const OutputValues& real, const OutputValues& quantized, size_t output,
                           std::span<const int64_t> labels);

}  // namespace narrow
