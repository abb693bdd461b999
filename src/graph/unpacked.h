// Integers of fewer than 8 bits, of which a byte holds several.
#pragma once

#include "graph/tensor.h"

namespace narrow {

/// Whether a byte holds several elements of that type: int4, uint4, int2.
bool is_packed(DType dtype);

/// The constant `tensor` with its elements as int8, one a byte, if its type is packed, else as it is. Values, scales
/// and zero points stay the same; what was int4 has `four_bits`.
Tensor unpacked(const Tensor& tensor);

/// The constant `tensor` as int4, the element with the even index in the lower half of each byte, if it has `four_bits`
/// and all elements lie within [-8, 7]; else as it is, without `four_bits`.
Tensor packed(const Tensor& tensor);

/// int8 values within [-8, 7], two in a byte: the one with the even index in the lower half.
SharedBytes in_nibbles(const SharedBytes& values);

}  // namespace narrow
