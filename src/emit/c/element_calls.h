// The calls of kernels that look up what others compute of each element, in place of those of portable kernels.
#pragma once

#include "emit/c/packed_layer.h"

namespace narrow {

/// Of a call of a kernel that computes a function of single elements of 8 bits; of nw_mul_i8 with a constant operand of
/// one element; of nw_add_i8, nw_squared_difference_i8, nw_prelu_i8 or nw_softmax_i8. `constants`: of each argument its
/// bytes, empty where they are computed.
OtherCall element_call(const KernelCall& call, std::span<const std::span<const std::byte>> constants);

}  // namespace narrow
