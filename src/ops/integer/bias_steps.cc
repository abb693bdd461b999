#include "ops/integer/bias_steps.h"

#include <cmath>
#include <optional>
#include <string>

namespace narrow {
namespace {

constexpr int kMostBiasShift = 46;  // beyond it a bias of 1 leaves what sums may reach
constexpr int64_t kMostBias = int64_t{1} << 47;

template <class Int>
std::vector<int64_t> widened_bias(const Tensor& t) {
  auto const v = t.values<Int>();
  return {v.begin(), v.end()};
}

/// The k of a bias scale that is `step` * 2^k, but for what writers lose: runtimes take the step for granted, and a
/// hundredth is what a bias may be off before results show it. Nothing where it is another scale.
std::optional<int> bias_shift(float scale, float step) {
  if (step == 0) return 0;  // a channel whose weights all stand for 0: its factor is 0, whatever its sums are
  double const k = std::log2(static_cast<double>(scale) / static_cast<double>(step));
  if (!(std::fabs(k - std::round(k)) < 0.0144) || k < -0.5 || k > kMostBiasShift + 0.5) return std::nullopt;
  return static_cast<int>(std::round(k));
}

}  // namespace

Result<std::vector<int64_t>> bias_values(const Tensor& bias) {
  if (!bias.constant) return fail(ErrorKind::unsupported, "the bias '" + bias.name + "' is not constant");
  switch (bias.dtype) {
    case DType::int8:
      return widened_bias<int8_t>(bias);
    case DType::int16:
      return widened_bias<int16_t>(bias);
    case DType::int32:
      return widened_bias<int32_t>(bias);
    case DType::int64:
      return widened_bias<int64_t>(bias);
    default:
      return fail(ErrorKind::unsupported, std::string("the bias is ") + to_string(bias.dtype));
  }
}

Result<std::vector<uint8_t>> shift_bias_to(const std::vector<float>& steps, const Tensor& bias,
                                           std::vector<int64_t>& values) {
  const Quantization& q = bias.quantization;
  if (!q.present() || (q.per_axis() && q.scales.size() != values.size()))
    return fail(ErrorKind::bad_file, "the bias '" + bias.name + "' has " + std::to_string(q.scales.size()) +
                                         " scales for " + std::to_string(values.size()) + " channels");
  std::vector<uint8_t> shifts;
  for (size_t c = 0; c < values.size(); ++c) {
    auto const shift = bias_shift(q.scales[q.per_axis() ? c : 0], steps[steps.size() > 1 ? c : 0]);
    if (!shift)
      return fail(ErrorKind::bad_file, "the scale of bias " + std::to_string(c) +
                                           " is not input scale * weight scale * 2^k with k in [0, " +
                                           std::to_string(kMostBiasShift) + "]");
    shifts.push_back(static_cast<uint8_t>(*shift));
    int64_t const most = kMostBias >> *shift;
    if (values[c] < -most || values[c] > most)
      return fail(ErrorKind::unsupported, "bias " + std::to_string(c) + " leaves 47 bits");
    values[c] *= int64_t{1} << *shift;
  }
  return shifts;
}

}  // namespace narrow
