// What the calls of kernels for particular processors are made of: filters, and what is known of output channels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ops/def/kernel_call.h"
#include "portable/window.h"

namespace narrow {

/// The constants of a layer's call: elements of its weights, and of its biases; empty where it has none.
struct LayerConstants8 {
  std::span<const int8_t> weights;
  std::span<const int32_t> bias;
};

/// A call with the same results, or why there is none; neither where no kernel is like it.
struct OtherCall {
  std::optional<KernelCall> call;
  std::string declined;  // "its strides are 3 and 1"
};

/// What a layer's call says beside its geometry.
struct LayerOutput {
  std::vector<int32_t> multiplier;
  std::vector<int8_t> shift;
  int channel_step, zero_point, min, max, input_zero_point;
};

LayerOutput output_of(const KernelCall& call);

/// The filters of a layer, channel by channel.
using Filters = std::vector<std::vector<int8_t>>;

/// Filters as they lie one behind the other.
Filters rows_of(std::span<const int8_t> weights, size_t channels);

/// Filters of which each element is of the next channel.
Filters columns_of(std::span<const int8_t> weights, size_t channels);

/// Of shifts to the right: with it, zero points shifted so stay small beside sums.
inline constexpr int kMostShift = 22;

/// How the sums of a channel become results: where they begin, the multiplier, 2^(shift - 1) + (zero point << shift),
/// and the shift, which is in [1, kMostShift].
struct ChannelNumbers {
  int32_t begin = 0, multiplier = 0, addend = 1, shift = 1;
};

/// Of each channel, and of channels of zeros up to a multiple of some; or why there are none.
struct Channels {
  std::vector<ChannelNumbers> numbers;
  std::string declined;
};

Channels channels_of(const Filters& filters, std::span<const int32_t> bias, const LayerOutput& y, size_t at_once);

/// For each channel the four words of packed_channel.h.
std::vector<int32_t> words_of(const Channels& channels);

/// Whether each output pixel is computed from the input pixel at the same place alone.
bool is_pointwise(const nw_window& window);

/// Why kernels for DSP do not take a depthwise layer with this window; empty where they do.
std::string declines_depthwise3x3(const nw_window& window);

/// Of a call of nw_add_i8 that of `kernel`, which takes nw_packed_add_params and the same arguments; or of `half`, if
/// there is one, where the factor of one operand is 1/2, which becomes its first, and the other one has a shift.
OtherCall packed_add(const Kernel& kernel, const KernelCall& call, const Kernel* half = nullptr);

/// Whether the elements of a broadcast operand, with NW_BROADCAST_RANK extents and strides, are read one after the
/// other.
bool reads_in_order(const int32_t* extent, const int32_t* stride);

/// The call of `kernel` with the input and the output of `given`, its weights, channels and scratch memory.
template <class Params>
KernelCall packed_call(const Kernel& kernel, const Params& params, const KernelCall& given, ConstantArray weights,
                       const std::vector<int32_t>& channels, int64_t scratch_bytes) {
  KernelCall out = kernel_call(kernel, params, {given.arguments[0], array(0), array(1), given.arguments[3], scratch()});
  out.arrays = {std::move(weights), constant_array("channels", ElementType::i32, channels)};
  out.scratch_bytes = scratch_bytes;
  return out;
}

}  // namespace narrow
