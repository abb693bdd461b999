// What integer kernels ask of the tensors they compute with.
#pragma once

#include "graph/tensor.h"
#include "ops/def/quant_rule.h"
#include "ops/integer/multiplier.h"

namespace narrow {

/// An int8 or int16 tensor has one scale, and zero point 0 in 16 bits; unsupported otherwise.
Status check_quantized(const Tensor& tensor);

/// A tensor of integers has one scale; unsupported otherwise.
Status check_one_scale(const Tensor& tensor);

/// An int8 or int16 tensor has this scale, but for a thousandth, and this zero point, the only ones that the runtimes'
/// kernels write; unsupported otherwise.
Status check_fixed(const Tensor& tensor, const FixedScale& fixed);

/// Largest magnitude of q - zero point in an integer type of at most 16 bits.
int64_t reach(const Tensor& tensor);

/// Multiplier of a factor that values of at most `most` are taken times; unsupported where the runtimes would leave
/// 32 bits, or where the factor is negative or not finite.
Result<Multiplier> multiplier_for(double factor, int64_t most);

}  // namespace narrow
