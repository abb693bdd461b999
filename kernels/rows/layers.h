// Kernels of the ops with weights.
#pragma once

#include <compare>
#include <cstdint>
#include <span>

#include "host/scaled.h"
#include "rows/kernel.h"
#include "rows/rounding.h"

namespace narrow {

/// What tells the kernels of one such op apart.
struct LayerKey {
  int activation_bits = 8;
  int weight_bits = 8;
  int sum_bits = 32;
  int bias_bits = 32;  // 0: biases of any width, by nw_bias_format
  Rounding rounding = Rounding::double_away;
  bool operator==(const LayerKey&) const = default;
};

/// A kernel of arguments (input, weights, biases, output, scratch).
struct LayerKernel {
  LayerKey key;
  Kernel kernel;
};

/// The kernels of one op. Those with a floating-point rounding are host-only: their parameters are host::Scaled, and
/// they have no row for every key. Parameters: nw_conv2d_params and so on.
std::span<const LayerKernel> conv2d_kernels();
std::span<const LayerKernel> depthwise_conv2d_kernels();
std::span<const LayerKernel> fully_connected_kernels();
std::span<const LayerKernel> transpose_conv_kernels();

/// The first members of the same parameter structs: what layers of real numbers are described by, which have no kernel
/// in C.
extern const ParamTable kConv2dSizes, kDepthwiseConv2dSizes, kTransposeConvSizes, kFullyConnectedSizes;

/// The one for `key`, or null.
const Kernel* find_kernel(std::span<const LayerKernel> kernels, const LayerKey& key);

/// What tells `kernel` apart, where it is one of these; null otherwise.
const LayerKey* layer_key(const Kernel& kernel);

}  // namespace narrow
