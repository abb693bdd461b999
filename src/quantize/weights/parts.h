// Constants of ops that are not one layer but several (QuantRule::parts).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "graph/tensor.h"

namespace narrow {

/// The largest magnitude of a constant's real values in each of that many parts of equal size, one behind the other.
std::vector<float> largest_of_parts(const Tensor& constant, size_t parts);

/// The constant in integers of 8 or 16 bits with zero point 0 and a scale for each of so many parts of equal size, one
/// behind the other, rounded to nearest and saturated.
Tensor symmetric_constant(const Tensor& constant, const std::vector<float>& scales, int bits);

/// A bias with such scales: int32, or int64 beside 16-bit data. unsupported where a value does not fit.
Result<Tensor> part_bias(const Tensor& bias, const std::vector<float>& scales, int data_bits);

/// A constant of that type whose values are all zero.
Tensor zeros(std::string name, const Shape& shape, DType dtype, const Quantization& quantization);

}  // namespace narrow
