// Sources: TFLite's and TFLM's reference kernels, for how they make multipliers of scales.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "ops/def/kernel_call.h"
#include "ops/integer/quantized.h"
#include "ops/recurrent/recurrent.h"
#include "ops/recurrent/svdf_sizes.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/svdf.h"
}

namespace narrow {
namespace {

/// What a runtime does about the activation.
enum class Activates : uint8_t {
  any,        // limits results as it says
  never,      // passes over it: results are limited by their type alone
  relu_alone  // likewise, and refuses any other
};
constexpr ByProfile<Activates> kActivates{
    .tflm = Activates::never, .litert = Activates::relu_alone, .xnnpack = Activates::relu_alone};

constexpr int64_t kSumLimit = int64_t{1} << 31;  // which no sum's magnitude may reach
constexpr int64_t kStateReach = 32768;

Status check_constant(const OpView& op, size_t operand, DType dtype) {
  const Tensor& t = op.input(operand);
  if (!t.constant || t.opaque) return fail(ErrorKind::unsupported, "'" + t.name + "' is computed, not constant");
  if (t.dtype != dtype)
    return fail(ErrorKind::unsupported,
                "'" + t.name + "' holds " + to_string(t.dtype) + " where " + to_string(dtype) + " is needed");
  if (operand == kSvdfBias) return {};
  NARROW_CHECK(check_one_scale(t));
  if (t.quantization.scales.size() == 1 && t.quantization.zero_point() == 0) return {};
  return fail(ErrorKind::unsupported, "'" + t.name + "' has not one scale with zero point 0");
}

/// What the operand holds: a variable of int16, or zeros of it.
Status check_state(const OpView& op) {
  if (!op.has_input(kSvdfState)) return fail(ErrorKind::unsupported, "it has no state, whose scale it needs");
  const Tensor& t = op.input(kSvdfState);
  if (t.dtype != DType::int16)
    return fail(ErrorKind::unsupported, "its state is " + std::string(to_string(t.dtype)) + ", not int16");
  NARROW_CHECK(check_quantized(t));
  if (t.variable) return {};
  if (t.constant) {
    auto const values = t.values<int16_t>();
    if (std::all_of(values.begin(), values.end(), [](int16_t v) { return v == 0; })) return {};
  }
  return fail(ErrorKind::unsupported, "its state is neither a variable nor zeros");
}

/// What the zero point of the data contributes to the sums of each filter, and, in `most`, the largest magnitude that
/// the products of such a sum and that contribution have together.
std::vector<int32_t> feature_biases(const OpView& op, const SvdfSizes& s, int64_t& most) {
  auto const features = op.input(kSvdfFeatures).values<int8_t>();
  int64_t const zero = op.input(0).quantization.zero_point();
  std::vector<int32_t> out;
  for (size_t f = 0; f < static_cast<size_t>(s.filters()); ++f) {
    int64_t sum = 0, magnitudes = 0;
    for (int8_t v : features.subspan(f * static_cast<size_t>(s.in), static_cast<size_t>(s.in))) {
      sum += v;
      magnitudes += std::abs(v);
    }
    out.push_back(static_cast<int32_t>(-zero * sum));
    most = std::max(most, magnitudes * 128 + std::abs(zero * sum));
  }
  return out;
}

/// The largest magnitude that the sum of a unit, its bias included, has on the way, whatever the state holds.
int64_t most_of_units(const OpView& op, const SvdfSizes& s) {
  auto const time = op.input(kSvdfTime).values<int16_t>();
  size_t const each = static_cast<size_t>(s.rank) * static_cast<size_t>(s.memory);
  int64_t most = 0;
  for (size_t u = 0; u < static_cast<size_t>(s.units); ++u) {
    int64_t sum = op.has_input(kSvdfBias) ? std::abs(int64_t{op.input(kSvdfBias).values<int32_t>()[u]}) : 0;
    for (int16_t v : time.subspan(u * each, each)) sum += kStateReach * std::abs(int{v});
    most = std::max(most, sum);
  }
  return most;
}

}  // namespace

Result<Step> lower_integer_svdf(const OpView& op, const SvdfSizes& s, const ProfileDef& profile) {
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  if (op.input(0).dtype != DType::int8 || op.output().dtype != DType::int8)
    return fail(ErrorKind::unsupported, "narrow computes it in float32 and with int8 data only");
  NARROW_CHECK(check_constant(op, kSvdfFeatures, DType::int8));
  NARROW_CHECK(check_constant(op, kSvdfTime, DType::int16));
  if (op.has_input(kSvdfBias)) NARROW_CHECK(check_constant(op, kSvdfBias, DType::int32));
  NARROW_CHECK(check_state(op));
  const Quantization& out = op.output().quantization;
  Activation const activation = op.attributes<SvdfAttributes>().activation;
  Activates const activates = kActivates[profile];
  if (activates == Activates::relu_alone && activation != Activation::relu)
    return fail(ErrorKind::unsupported, "the runtime computes it in integers with RELU alone");
  NARROW_TRY(IntegerInterval const named, integer_interval(activation, DType::int8, out));
  IntegerInterval const bounds = activates == Activates::any ? named : integer_range(DType::int8);
  int64_t most = 0;
  std::vector<int32_t> const biases = feature_biases(op, s, most);
  int64_t const most_of_unit = most_of_units(op, s);
  for (int64_t sum : {most, most_of_unit})
    if (sum >= kSumLimit)
      return fail(ErrorKind::unsupported, "sums that may reach " + std::to_string(sum) + ", beyond 2^31");
  float const state = op.input(kSvdfState).quantization.scale();
  float const to_state = op.input(0).quantization.scale() * op.input(kSvdfFeatures).quantization.scale() / state;
  float const to_output = state * op.input(kSvdfTime).quantization.scale() / out.scale();
  NARROW_TRY(Multiplier const first, multiplier_for(static_cast<double>(to_state), most));
  NARROW_TRY(Multiplier const second, multiplier_for(static_cast<double>(to_output), most_of_unit));
  nw_svdf_params p{};
  p.batch = s.batch;
  p.input_c = s.in;
  p.units = s.units;
  p.rank = s.rank;
  p.memory = s.memory;
  p.state_multiplier = first.value;
  p.state_shift = first.shift;
  p.output_multiplier = second.value;
  p.output_shift = second.shift;
  p.output_zero_point = out.zero_point();
  p.act_min = bounds.lo;
  p.act_max = bounds.hi;
  KernelCall call = kernel_call(kSvdfI8, p,
                                {operand(0), operand(kSvdfFeatures), array(0), operand(kSvdfTime),
                                 op.has_input(kSvdfBias) ? operand(kSvdfBias) : absent(),
                                 op.input(kSvdfState).variable ? operand(kSvdfState) : absent(), result()});
  call.arrays.push_back(constant_array("feature_bias", ElementType::i32, biases));
  return call_step(std::move(call));
}

}  // namespace narrow
