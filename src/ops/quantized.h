// What integer kernels ask of the tensors they compute with.
#pragma once

#include "graph/tensor.h"

namespace narrow {

/// An int8 or int16 tensor has one scale, and zero point 0 in 16 bits; unsupported otherwise.
Status check_quantized(const Tensor& tensor);

}  // namespace narrow
