// Integers of fewer than 8 bits, of which a byte holds several.
#pragma once

#include "graph/tensor.h"

namespace narrow {

/// Whether a byte holds several elements of that type: int4, uint4, int2.
bool is_packed(DType dtype);

/// The constant `tensor` with its elements as int8, one a byte, if its type is packed, else as it is. Values, scales
/// and zero points stay the same.
Tensor unpacked(const Tensor& tensor);

}  // namespace narrow
