// The real numbers that stored values stand for.
#pragma once

#include <cstddef>
#include <span>

#include "graph/tensor.h"

namespace narrow {

/// out[i] = (stored[i] - zero_point) * scale in float32, scales along the tensor's axis; values without a scale as
/// they are. `values` holds whole tensors of this kind, one behind the other, dense. NaN for types that are not
/// numbers.
void real_values(const Tensor& tensor, const std::byte* values, std::span<float> out);

}  // namespace narrow
