#include "ops/integer/own_arithmetic.h"

#include <algorithm>
#include <cmath>

#include "ops/def/operand_with.h"

namespace narrow {

std::optional<Arithmetic> tflite_arithmetic(const OpView& op) {
  const Tensor* const data = tensor_with(op, Role::activation);
  const Tensor* const weights = tensor_with(op, Role::weight);
  const Tensor* const bias = tensor_with(op, Role::bias);
  if (!data || !weights) return std::nullopt;
  bool const wide =
      data->dtype == DType::int16 && (weights->dtype == DType::int16 || !bias || bias->dtype == DType::int64);
  return wide ? Arithmetic{RoundingRule::half_up, 64} : Arithmetic{RoundingRule::twice, 32};
}

double rounded(double value, RoundingRule rule) {
  if (rule == RoundingRule::half_up) return std::floor(value + 0.5);
  if (rule == RoundingRule::truncate) return std::floor(value);
  return rule == RoundingRule::half_even ? std::nearbyint(value) : std::round(value);
}

Table8 table_by_rule(Affine in, Affine out, const std::function<double(double)>& f, RoundingRule rule) {
  Table8 table{};
  for (int q = -128; q <= 127; ++q) {
    double const x = static_cast<double>(in.scale) * (q - in.zero_point);
    double const y = rounded(f(x) / static_cast<double>(out.scale), rule) + out.zero_point;
    table[static_cast<size_t>(q + 128)] = static_cast<int8_t>(std::clamp(y, -128.0, 127.0));
  }
  return table;
}

std::optional<int> fraction_bits(float scale) {
  int exponent = 0;
  if (!(scale > 0) || !std::isfinite(scale) || std::frexp(scale, &exponent) != 0.5f) return std::nullopt;
  return 1 - exponent;
}

Result<int> fraction_bits(const Tensor& tensor) {
  const Quantization& q = tensor.quantization;
  if (q.scales.size() == 1 && q.zero_point() == 0)
    if (auto const n = fraction_bits(q.scale())) return *n;
  return fail(ErrorKind::unsupported, "'" + tensor.name +
                                          "' has another scale than 2^-n with zero point 0, which one " +
                                          "rounding by the model's own rule asks for");
}

Result<int> check_shift(int bits, int least, int most, const char* what) {
  if (bits >= least && bits <= most) return bits;
  return fail(ErrorKind::unsupported, std::string(what) + " would shift by " + std::to_string(bits) + " bits; " +
                                          std::to_string(least) + " to " + std::to_string(most) + " are possible");
}

}  // namespace narrow
