// The real numbers that stored values stand for.
#pragma once

#include <cstddef>
#include <span>

#include "graph/tensor.h"

namespace narrow {

/// Computes out[i] = (stored[i] - zero_point) * scale in float32, with the scales along the tensor's axis; values
/// without a scale are only converted. `values` holds one or several tensors of this kind, dense and consecutive. The
/// result is NaN for element types that are not numbers.
void real_values(const Tensor& tensor, const std::byte* values, std::span<float> out);

}  // namespace narrow
