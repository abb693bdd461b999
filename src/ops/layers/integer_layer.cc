#include "ops/layers/integer_layer.h"

#include <cmath>

#include "graph/unpacked.h"
#include "ops/integer/bias_steps.h"
#include "ops/integer/multiplier.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/quantized.h"

namespace narrow {
namespace {

constexpr int64_t kNarrowAccumulator = int64_t{1} << 31;
constexpr int64_t kWideAccumulator = int64_t{1} << 47;
constexpr int kWideShiftIntegerLayer = 14;  // beyond it the one rounding of 16x8 has no bits left to round

/// What sums a layer makes and how they become results.
struct Sums {
  Rounding rounding = Rounding::refused;
  RoundingRule rule = RoundingRule::twice;
  bool wide = false;
};

/// As the model itself says.
Result<Sums> said(const Arithmetic& a) {
  bool const wide = a.accumulator_bits == 64;
  if (a.rounding == RoundingRule::half_up) return Sums{wide ? Rounding::wide : Rounding::single, a.rounding, wide};
  if (a.rounding != RoundingRule::twice) return Sums{Rounding::by_rule, a.rounding, wide};
  if (wide) return fail(ErrorKind::unsupported, "double rounding of 64-bit accumulators does not exist");
  return Sums{Rounding::double_away, a.rounding, false};
}

/// As the runtime does it. The bias type decides the accumulator of 16-bit layers; without a bias the op's own
/// statement does, else 64 bits.
Result<Sums> choose(const LayerRoundings& roundings, const Tensor& data, const Tensor& weights, const Tensor* bias,
                    DType stated) {
  DType const absent = stated == DType::int32 ? DType::int32 : DType::int64;
  DType const expected = bias ? bias->dtype : absent;
  Rounding rounding = Rounding::refused;
  if (weights.dtype == DType::int16) {
    bool const whole = expected == DType::int64 || expected == DType::int32;
    if (data.dtype == DType::int16 && whole) rounding = roundings.int16_weights;
  } else if (data.dtype == DType::int8 && (!bias || expected == DType::int32)) {
    rounding = weights.is_four_bits() ? roundings.int8_int4 : roundings.int8;
  } else if (data.dtype == DType::int16 && expected == DType::int64) {
    rounding = roundings.int16_bias64;
  } else if (data.dtype == DType::int16 && expected == DType::int32) {
    rounding = roundings.int16_bias32;
  }
  bool const four_bits = weights.is_four_bits();
  if (four_bits && ((data.dtype == DType::int16 && !roundings.int16_int4) ||
                    (weights.quantization.per_axis() && !roundings.int4_channels)))
    rounding = Rounding::refused;
  if (rounding == Rounding::refused)
    return fail(ErrorKind::unsupported,
                std::string(to_string(data.dtype)) + " data with " +
                    to_string(four_bits ? DType::int4 : weights.dtype) +
                    (four_bits && weights.quantization.per_axis() ? " weights by channel" : " weights") + " and " +
                    to_string(expected) + " bias: this profile has no rule for it");
  bool const wide = data.dtype == DType::int16 && (rounding == Rounding::wide || rounding == Rounding::float64);
  return Sums{rounding, rounding == Rounding::double_away ? RoundingRule::twice : RoundingRule::half_up, wide};
}

/// With one scale, weights may have a zero point where the op's kernels know it.
Status check_weights(const Tensor& weights, const LayerOperands& at, bool zero_point) {
  const Quantization& q = weights.quantization;
  if (!weights.constant || !q.present())
    return fail(ErrorKind::unsupported, "the weights '" + weights.name + "' are not constants with a scale");
  if (q.per_axis() && q.scales.size() != static_cast<size_t>(at.channels))
    return fail(ErrorKind::unsupported, "the weights '" + weights.name + "' have " + std::to_string(q.scales.size()) +
                                            " scales for " + std::to_string(at.channels) + " output channels");
  if (zero_point && !q.per_axis()) return {};
  for (int64_t z : q.zero_points)
    if (z != 0) return fail(ErrorKind::unsupported, "the weights '" + weights.name + "' have a zero point");
  return {};
}

template <class Int>
void add_magnitudes(const Tensor& weights, const LayerOperands& at, std::vector<int64_t>& sum) {
  auto const w = weights.values<Int>();
  int64_t const zero = weights.quantization.per_axis() ? 0 : weights.quantization.zero_point();
  for (size_t i = 0; i < w.size(); ++i)
    sum[static_cast<size_t>(at.channel_of(static_cast<int64_t>(i)))] += std::abs(w[i] - zero);
}

/// Largest magnitude that each channel's accumulator can reach: every input at its farthest from the zero point.
Result<std::vector<int64_t>> prove_accumulators(const Tensor& data, const Tensor& weights, const LayerOperands& at,
                                                const IntegerLayer& l) {
  int64_t const most = reach(data);
  std::vector<int64_t> sum(static_cast<size_t>(at.channels), 0);
  if (weights.dtype == DType::int16)
    add_magnitudes<int16_t>(weights, at, sum);
  else
    add_magnitudes<int8_t>(unpacked(weights), at, sum);
  int64_t const limit = l.wide_sums ? kWideAccumulator : kNarrowAccumulator;
  for (size_t c = 0; c < sum.size(); ++c) {
    int64_t const bias = l.bias.empty() ? 0 : l.bias[c];
    if (bias <= -limit || bias >= limit || sum[c] * most + std::abs(bias) >= limit)
      return fail(ErrorKind::unsupported, "the accumulator of channel " + std::to_string(c) + " can reach " +
                                              std::to_string(sum[c] * most) + " beside its bias " +
                                              std::to_string(bias) + ", beyond " + (l.wide_sums ? "2^47" : "2^31"));
    sum[c] = sum[c] * most + std::abs(bias);
  }
  return sum;
}

/// The plain kernels of one rounding with ties up wrap beyond 32 bits, as the runtimes do; where results could get
/// there, those by rule saturate.
void saturate_results(IntegerLayer& l, const std::vector<int64_t>& most) {
  if (l.rule != RoundingRule::half_up) return;
  for (size_t c = 0; c < most.size(); ++c)
    if (std::ldexp(static_cast<double>(most[c]) * l.multiplier[c], l.shift[c] - 31) >= 0x1p30)
      l.rounding = Rounding::by_rule;
}

/// Where the model says how to round, factors of any smallness count: sums below 0 are cut to -1, not to 0.
Multiplier small_multiplier(double factor, bool wide) {
  int const least = wide ? -47 : -31;
  int exponent = 0;
  double const part = std::frexp(factor, &exponent);
  if (exponent >= -31) return quantize_multiplier(factor);
  double const value = std::round(std::ldexp(part, 31 + std::min(exponent - least, 0)));
  return {static_cast<int32_t>(std::clamp(value, wide ? 65536.0 : 1.0, 2147483647.0)), std::max(exponent, least)};
}

Status set_factors(IntegerLayer& l, const OpView& op, const LayerOperands& at, bool own, bool dense) {
  float const in = op.input(at.data).quantization.scale(), out = op.output().quantization.scale();
  const Quantization& weights = op.input(at.weights).quantization;
  bool const float_product = dense && !weights.per_axis() && l.rounding != Rounding::float64;
  for (int c = 0; c < at.channels; ++c) {
    float const w = weights.scales[weights.per_axis() ? static_cast<size_t>(c) : 0];
    double const product =
        float_product ? static_cast<double>(in * w) : static_cast<double>(in) * static_cast<double>(w);
    double const factor = product / static_cast<double>(out);
    if (l.rounding == Rounding::float32) {
      if (w == 0)
        return fail(ErrorKind::unsupported,
                    "the weight scale of channel " + std::to_string(c) + " is 0, which XNNPACK does not take");
      l.scale.push_back(in * w / out);
      if (l.scale.back() >= 256.0f)
        return fail(ErrorKind::unsupported, "the factor of channel " + std::to_string(c) + " is 256 or more");
    } else if (l.rounding == Rounding::float64) {
      l.scale64.push_back(factor);
    } else {
      Multiplier const m = own ? small_multiplier(factor, l.wide_sums) : quantize_multiplier(factor);
      if (m.shift > (l.wide_sums ? kWideShiftIntegerLayer : 30))
        return fail(ErrorKind::unsupported, "the factor of channel " + std::to_string(c) + " is too large");
      l.multiplier.push_back(m.value);
      l.shift.push_back(m.shift);
    }
  }
  return {};
}

}  // namespace

Result<IntegerLayer> integer_layer(const OpView& op, const LayerOperands& at, Activation activation,
                                   const LayerRoundings& roundings, const ProfileDef& profile, bool dense) {
  const Tensor& data = op.input(at.data);
  const Tensor* bias = op.maybe_input(at.bias);
  NARROW_CHECK(check_quantized(data));
  NARROW_CHECK(check_quantized(op.output()));
  NARROW_CHECK(check_weights(op.input(at.weights), at, dense));
  if (op.output().dtype != data.dtype)
    return fail(ErrorKind::unsupported, std::string("the result is ") + to_string(op.output().dtype) + " for " +
                                            to_string(data.dtype) + " data");
  IntegerLayer l;
  const Arithmetic* const own = own_arithmetic(op, profile);
  NARROW_TRY(Sums const sums, own ? said(*own) : choose(roundings, data, op.input(at.weights), bias, at.stated_bias));
  l.rounding = sums.rounding;
  l.rule = sums.rule;
  l.wide_sums = sums.wide;
  l.weight_type = op.input(at.weights).dtype;
  if (bias) {
    NARROW_TRY(l.bias, bias_values(*bias));
    l.bias_type = bias->dtype;
  }
  if (own && bias) {
    std::vector<float> steps = op.input(at.weights).quantization.scales;
    for (float& s : steps) s *= data.quantization.scale();
    NARROW_TRY(l.bias_shift, shift_bias_to(steps, *bias, l.bias));
  }
  l.input_zero_point = data.quantization.zero_point();
  l.zero_point = op.output().quantization.zero_point();
  auto const bounds = l.rounding == Rounding::float32 ? integer_interval_to_even : integer_interval;
  NARROW_TRY(l.clamp, bounds(activation, data.dtype, op.output().quantization));
  NARROW_TRY(std::vector<int64_t> const most, prove_accumulators(data, op.input(at.weights), at, l));
  NARROW_CHECK(set_factors(l, op, at, own != nullptr, dense));
  if (own) saturate_results(l, most);
  return l;
}

}  // namespace narrow
