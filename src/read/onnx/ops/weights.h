// Weights of convolutions.
#pragma once

#include <vector>

#include "read/onnx/node.h"

namespace narrow::onnx {

/// Weights with a height of 1 where they have none: [out, in, height, width].
Result<int> weights_2d(Node& n, size_t operand);

/// The lengths of the kernel: the attribute, or what the weights say.
Result<std::vector<int64_t>> kernel_of(Node& n, size_t operand);

}  // namespace narrow::onnx
