// Rules: the named conditions of the runtimes' tables. Each says what is wrong with an op, or nothing.
#pragma once

#include "verify/runtime.h"

namespace narrow {

/// Whether an op reads float16 constants, or integer weights with float data: `no_float_storage` says so of the model.
bool stores_floats_as_less(const OpView& op);

/// 8- and 16-bit operands and results have a scale, and none that overflows where runtimes multiply scales.
std::optional<Trouble> scaled(const Site& site);

/// 8-bit operands and results have a scale; 16-bit ones all have one, or none where they are plain numbers.
std::optional<Trouble> scaled_alike(const Site& site);

/// 16-bit operands and results have zero point 0.
std::optional<Trouble> centred16(const Site& site);

/// Paddings in a constant operand are 0, or the zero point is: the kernel pads 8-bit data with 0.
std::optional<Trouble> zero_padding(const Site& site, size_t operand);
template <size_t Operand>
std::optional<Trouble> pads_with_zero(const Site& site) {
  return zero_padding(site, Operand);
}

/// No operand has a scale for each index of an axis: the kernel reads the first, or none where there are several.
std::optional<Trouble> per_tensor(const Site& site);

/// The same, for 16-bit operands alone.
std::optional<Trouble> per_tensor16(const Site& site);

/// Every operand of the results' type has the first result's scale and zero point: the kernel moves or compares
/// integers as they are.
std::optional<Trouble> aligned(const Site& site);

/// The same, where the runtime itself refuses what is not equal.
std::optional<Trouble> aligned_or_refused(const Site& site);

/// Operands of that type have the same scale and zero point as one another.
std::optional<Trouble> operands_alike(const Site& site, DType type);
template <DType Type>
std::optional<Trouble> alike(const Site& site) {
  return operands_alike(site, Type);
}

/// SOFTMAX: 16-bit data has zero point 0. Results have 2^-8 from -128 on for 8 bits; for 16 bits 2^-15 from 0 on, or of
/// 8-bit data 2^-16 from -32768 on.
std::optional<Trouble> softmax_result(const Site& site);

/// Results of Bits wide signed integers have the scale 2^Exponent and that zero point.
std::optional<Trouble> result_grid(const Site& site, int bits, int exponent, int zero_point, double tolerance);
template <int Bits, int Exponent, int ZeroPoint>
std::optional<Trouble> result_is(const Site& site) {
  return result_grid(site, Bits, Exponent, ZeroPoint, 0);
}

/// The same, for kernels that let the scale be off by as much as they round away: 6 parts of 10,000.
template <int Bits, int Exponent, int ZeroPoint>
std::optional<Trouble> result_near(const Site& site) {
  return result_grid(site, Bits, Exponent, ZeroPoint, 6e-4);
}

/// 8-bit results have the scale 2^Exponent, and any zero point.
std::optional<Trouble> result_scale(const Site& site, int exponent);
template <int Exponent>
std::optional<Trouble> result8_scale_is(const Site& site) {
  return result_scale(site, Exponent);
}

/// Quantized operands have scales below 1: the kernel makes a multiplier below 1 of each, and aborts on others.
std::optional<Trouble> scales_below_one(const Site& site);

/// The result's scale is not so much smaller than the operands' that the kernel's last multiplier reaches 1: it is
/// 2 max(scales) / (2^20 result) for 8 bits, with 2^15 for 16 bits. The kernel aborts on others.
std::optional<Trouble> sum_fits(const Site& site);

/// The same of a squared difference, whose multiplier is (2 max(scales))^2 / (2^14 result).
std::optional<Trouble> square_fits(const Site& site);

/// The data's scale over 128 results is at most the result's.
std::optional<Trouble> hard_swish_fits(const Site& site);

/// Integer weights have one scale, or one for each index of `axis`, and zero points of 0; data and results have one.
std::optional<Trouble> weight_grid(const Site& site, size_t operand, int axis, bool subtracts);
template <size_t Operand, int Axis>
std::optional<Trouble> weights(const Site& site) {
  return weight_grid(site, Operand, Axis, false);
}

/// The same, but 8-bit weights of integer data may have any zero point where they have one scale: it is subtracted.
template <size_t Operand, int Axis>
std::optional<Trouble> shifted_weights(const Site& site) {
  return weight_grid(site, Operand, Axis, true);
}

/// Weights of 16-bit data have one scale.
std::optional<Trouble> one_weight_scale(const Site& site, size_t operand);
template <size_t Operand>
std::optional<Trouble> one_scale_for_int16(const Site& site) {
  return one_weight_scale(site, Operand);
}

/// 4-bit weights have one scale.
std::optional<Trouble> one_int4_scale(const Site& site, size_t operand);
template <size_t Operand>
std::optional<Trouble> one_scale_for_int4(const Site& site) {
  return one_int4_scale(site, Operand);
}

/// A convolution with 4-bit weights has one group: the kernel takes all channels of the data for those of a filter.
std::optional<Trouble> one_group_for_int4(const Site& site);

/// Integer biases have as many scales as the weights, each the data's times the weights', and zero point 0.
std::optional<Trouble> bias_grid(const Site& site, size_t bias, size_t data, size_t weights);
template <size_t Bias, size_t Data, size_t Weights>
std::optional<Trouble> bias(const Site& site) {
  return bias_grid(site, Bias, Data, Weights);
}

/// Where the op states the type of its bias, the bias has it.
std::optional<Trouble> bias_as_stated(const Site& site);

/// Operand `operand` is a constant.
std::optional<Trouble> constant_operand(const Site& site, size_t operand);
template <size_t Operand>
std::optional<Trouble> constant(const Site& site) {
  return constant_operand(site, Operand);
}

/// No operand or result has more than `most` dimensions.
std::optional<Trouble> dimensions_at_most(const Site& site, int most);
template <int Most>
std::optional<Trouble> rank_at_most(const Site& site) {
  return dimensions_at_most(site, Most);
}

/// The same, for 8-bit data alone.
std::optional<Trouble> int8_dimensions_at_most(const Site& site, int most);
template <int Most>
std::optional<Trouble> int8_rank_at_most(const Site& site) {
  return int8_dimensions_at_most(site, Most);
}

/// The first operand has from `least` to `most` dimensions.
std::optional<Trouble> data_dimensions(const Site& site, int least, int most);
template <int Least, int Most>
std::optional<Trouble> data_rank(const Site& site) {
  return data_dimensions(site, Least, Most);
}

/// No operand or result has more than `most` dimensions where operands' shapes differ.
std::optional<Trouble> broadcast_at_most(const Site& site, int most);
template <int Most>
std::optional<Trouble> broadcast_rank(const Site& site) {
  return broadcast_at_most(site, Most);
}

/// The axes in a constant operand are not negative: the kernel does not count them from the end.
std::optional<Trouble> whole_axes(const Site& site, size_t operand);
template <size_t Operand>
std::optional<Trouble> not_negative(const Site& site) {
  return whole_axes(site, Operand);
}

/// A strided slice says where to begin in every dimension, without an ellipsis, new axes or ends that count from there.
std::optional<Trouble> plain_slice(const Site& site);

/// An LSTM of integers with peepholes has no projection to another size.
std::optional<Trouble> lstm_peepholes(const Site& site);

/// An LSTM has 24 operands, of which those of peepholes, a projection and layer normalization are left out and those of
/// all gates are there; its activation is tanh.
std::optional<Trouble> plain_lstm(const Site& site);
/// An LSTM of integers has weights of 8 bits, and biases of 32 bits, or of 64 beside 16-bit data.
std::optional<Trouble> lstm_of_bytes(const Site& site);

/// SVDF of 8 bits has RELU; the kernel refuses any other.
std::optional<Trouble> relu_svdf(const Site& site);

/// The activation of an SVDF of 8 bits limits results no more than their type does: the kernel passes over it.
std::optional<Trouble> unlimited_svdf(const Site& site);

/// There are at most `most` operands.
std::optional<Trouble> operand_count(const Site& site, size_t most);
template <size_t Most>
std::optional<Trouble> operands_at_most(const Site& site) {
  return operand_count(site, Most);
}

/// The op has no fused activation.
std::optional<Trouble> no_activation(const Site& site);

/// Of a model as a whole: no constants of float16 and no float data with integer weights, which runtimes for integers
/// have no kernels for.
std::vector<Trouble> no_float_storage(const RuntimeDef& runtime, const Model& model);

/// There is no dimension but the innermost three with more than one index.
std::optional<Trouble> innermost_three(const Site& site);

}  // namespace narrow
