// The calls of kernels for processors with the DSP extension, in place of those of portable layer kernels.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ops/def/kernel_call.h"

namespace narrow {

/// The constants of a layer's call: elements of its weights, and of its biases; empty where it has none.
struct LayerConstants8 {
  std::span<const int8_t> weights;
  std::span<const int32_t> bias;
};

/// A call with the same results, or why there is none.
struct OtherCall {
  std::optional<KernelCall> call;
  std::string declined;  // "its strides are 3 and 1"
};

/// Of a call of nw_conv2d_i8_double, nw_depthwise_conv2d_i8_double or nw_fully_connected_i8_double with constant
/// weights, or of nw_add_i8. `wide`: weights may take two bytes each.
OtherCall dsp_call(const KernelCall& call, const LayerConstants8& constants, bool wide);

}  // namespace narrow
