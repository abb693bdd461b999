// Constants of ops that are not one layer but several (QuantRule::parts).
#pragma once

#include "base/result.h"
#include "graph/tensor.h"

namespace narrow {

/// The largest magnitude of a constant's real values.
float largest_of(const Tensor& constant);

/// The least scale of a constant of 16 bits for which no sum of products leaves 32 bits: `sums` sums, each over as many
/// of its values in order, with any values of 16 bits on the scale `of`, and the bias, which may be null.
float short_sums_scale(const Tensor& constant, const Tensor* bias, size_t sums, float of);

/// The constant in integers of 8 or 16 bits with one scale and zero point 0, rounded to nearest and saturated.
Tensor symmetric_constant(const Tensor& constant, float scale, int bits);

/// A bias with that scale: int32, or int64 beside 16-bit data. unsupported where a value does not fit.
Result<Tensor> part_bias(const Tensor& bias, float scale, int data_bits);

/// A constant of that type whose values are all zero.
Tensor zeros(std::string name, const Shape& shape, DType dtype, const Quantization& quantization);

}  // namespace narrow
