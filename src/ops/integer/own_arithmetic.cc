#include "ops/integer/own_arithmetic.h"

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
