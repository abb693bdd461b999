// Weight scales: chosen before the weights are rounded, from the weights, the bias and the width of the accumulator.
#pragma once

#include <vector>

#include "quantize/weights/layer_spec.h"

namespace narrow {

/// The scales at which no weight saturates: each channel's largest magnitude becomes the largest integer. In Qm.n they
/// are those of power_of_two_weight_scales, which may let weights saturate.
std::vector<float> weight_scales(const Tensor& weights, const LayerSpec& spec);

/// Scales at or below `scales`, each with the least error by the objective of `layer` after rounding; those of channels
/// apart, or one for all. Not in Qm.n. Nothing changes where there is no objective.
void shrink_for_error(std::vector<float>& scales, const ScaledWeights& layer, const RoundingStrategy& rounding);

/// TFLite's layers: enlarges the scales of channels whose bias, in steps of input scale * weight scale, would exceed
/// 2^30, so that each bias fits 32 bits with a bit to spare. `bias` holds a real value for each output channel.
void enlarge_for_bias(std::vector<float>& scales, const std::vector<double>& bias, const LayerSpec& spec);

/// Whether the sums of a channel stay within their limits with the bias `value` in place of `given`, for which its
/// weight scale was made large enough. `magnitudes` is the sum of the magnitudes of its integers.
bool bias_fits(double given, double value, float weight_scale, double magnitudes, const LayerSpec& spec);

/// The sum of the magnitudes of each channel's integers.
std::vector<double> sums_of_magnitudes(const std::vector<int16_t>& integers, const WeightChannels& channels);

/// Other layers: rounds the weights, and enlarges the scales of channels whose sums could leave the accumulator (2^31,
/// or 2^47 for 64 bits, which requantization takes) with every input at its largest magnitude and the bias added, until
/// all fit. Returns the rounded weights. `bias` may be empty, `objective` null.
std::vector<int16_t> round_within_accumulator(std::vector<float>& scales, const Tensor& weights,
                                              const WeightChannels& channels, const std::vector<double>& bias,
                                              const LayerSpec& spec, const WeightObjective* objective);

}  // namespace narrow
