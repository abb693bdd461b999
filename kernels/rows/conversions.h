// Kernels of QUANTIZE from integers to integers. Arguments: input, output; parameters: nw_quantize_params.
#pragma once

#include <span>

#include "rows/kernel.h"

namespace narrow {

std::span<const Kernel> quantize_kernels();
/// The factor is a power of two, and the model says how it is rounded.
std::span<const Kernel> quantize_by_rule_kernels();
/// Host-only, between 8-bit types: LiteRT's builtin optimized kernel, which rounds ties up in the first
/// floor(count / 16) * 16 elements, and as quantize_kernels in the rest.
std::span<const Kernel> quantize_optimized_kernels();

/// The kernel of arguments (input, output) for these types of elements, or null.
const Kernel* find_kernel(std::span<const Kernel> kernels, ElementType in, ElementType out);

}  // namespace narrow
