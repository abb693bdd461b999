// The integers of a layer's bias, and the steps that they count.
#pragma once

#include <vector>

#include "base/result.h"
#include "graph/tensor.h"

namespace narrow {

/// The integers of a constant bias, of 8, 16, 32 or 64 bits; unsupported where it is computed or of another type.
Result<std::vector<int64_t>> bias_values(const Tensor& bias);

/// Makes `values`, those of a bias whose scales are `steps` * 2^k, count steps, of which there is one for each value or
/// one for all; the k of each. bad_file where the scales are others, unsupported where a value leaves 47 bits.
Result<std::vector<uint8_t>> shift_bias_to(const std::vector<float>& steps, const Tensor& bias,
                                           std::vector<int64_t>& values);

}  // namespace narrow
