// Constants of ops that are not one layer but several (QuantRule::parts).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/tensor.h"
#include "quantize/recipe/layer_widths.h"
#include "quantize/weights/layer_spec.h"

namespace narrow {

/// The largest magnitude of a constant's real values in each of that many parts of equal size, one behind the other.
std::vector<float> largest_of_parts(const Tensor& constant, size_t parts);

/// The least scale of a constant of 16 bits for which no sum of products leaves 32 bits: `sums` sums, each over as many
/// of its values in order, with any values of 16 bits on the scale `of`, and the bias, which may be null.
float short_sums_scale(const Tensor& constant, const Tensor* bias, size_t sums, float of);

/// The scales of so many parts, of equal size, of a constant of `bits`: nothing saturates, but with 4 bits the largest
/// values may, where that has the least squared error.
std::vector<float> symmetric_scales(const Tensor& constant, size_t parts, int bits);

/// The scale 2^-n of a constant of `bits` in Qm.n that has the least squared error.
float power_of_two_scale(const Tensor& constant, int bits);

/// The constant in integers of `bits` (4, 6, 8 or 16) with zero point 0 and a scale for each of so many parts of equal
/// size, one behind the other, rounded to nearest and saturated; those of 4 bits have `four_bits`.
Tensor symmetric_constant(const Tensor& constant, const std::vector<float>& scales, int bits);

/// The bias of sums whose steps are `data` times `weights`, one for all or one for each part. By TFLite's rules it
/// counts steps, in int32, or in int64 beside 16-bit data; unsupported where a value does not fit. Else it is
/// shifted_bias.
Result<Tensor> part_bias(const Tensor& bias, float data, const std::vector<float>& weights, const LayerWidths& widths);

/// In steps of this sums are told apart: those of a gate.
inline constexpr float kPartStep = 0x1p-12F;

/// The constants of one matrix of weights, and of the bias that is added to its sums.
struct PartConstants {
  Tensor weights;
  std::optional<Tensor> bias;
};

/// Those chosen by `spec`. `weights` are float32; `bias` is null where there is none. unsupported where it does not
/// fit.
Result<PartConstants> quantize_part(const Tensor& weights, const Tensor* bias, const LayerSpec& spec);

/// A constant of that type whose values are all zero.
Tensor zeros(std::string name, const Shape& shape, DType dtype, const Quantization& quantization);

}  // namespace narrow
