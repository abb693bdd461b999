#include "ops/activations/squash.h"

#include <cmath>
#include <optional>

#include "ops/activations/tabulated.h"
#include "ops/def/form.h"
#include "ops/integer/own_arithmetic.h"

extern "C" {
#include "portable/activations/logistic.h"
}

namespace narrow {
namespace {

constexpr ByProfile<Forms> kFormsSquash{.litert = {.int8 = Form::reference},
                                        .xnnpack = {.int8 = Form::delegate, .int16 = Form::optimized}};

/// TFLM: the data becomes Q4.27.
Result<Step> lower_fixed8(const OpView& op, const Squash& squash) {
  const Quantization& in = op.input(0).quantization;
  double const factor = static_cast<double>(in.scale()) * 0x1p27;
  if (!(factor < 0x1p31 - 1))
    return fail(ErrorKind::unsupported, "the data's scale " + std::to_string(in.scale()) + " is 16 or more");
  Multiplier const m = quantize_multiplier(factor);
  nw_squash_params p{};
  p.count = count_of(op);
  p.input_zero_point = in.zero_point();
  p.input_radius = static_cast<int32_t>(std::min(std::floor(std::ldexp(15.0, 27 - m.shift)), 256.0));
  p.multiplier = m.value;
  p.shift = m.shift;
  return call_step(kernel_call(*squash.fixed8, p, {operand(0), result()}));
}

Result<Step> lower_int8_squash(const OpView& op, const Squash& squash, Form form) {
  const Quantization& x = op.input(0).quantization;
  const Quantization& y = op.output().quantization;
  Affine const in{x.scale(), x.zero_point()}, out{y.scale(), y.zero_point()};
  if (form == Form::reference) return table_step(op, litert_table8(in, out, squash.litert));
  if (form == Form::delegate) return table_step(op, xnnpack_table8(in, out, squash.xnnpack));
  return lower_fixed8(op, squash);
}

/// Where the runtimes take the scale for 2^(n - 12), n in [0, most]: n. Their logarithm and tolerance.
std::optional<int> exact_doublings(float scale, int most) {
  float const exponent = std::log(scale) * (1.0f / std::log(2.0f));
  float const nearest = std::round(exponent);
  if (!(std::abs(exponent - nearest) < 1e-3f) || nearest < -12 || nearest > static_cast<float>(most - 12)) return {};
  return static_cast<int>(nearest) + 12;
}

Result<Step> lower_int16_squash(const OpView& op, const Squash& squash, Form form) {
  float const scale = op.input(0).quantization.scale();
  std::optional<int> const doublings = exact_doublings(scale, squash.most_doublings);
  if (doublings && form == Form::optimized) {
    nw_squash_fixed16_params p{};
    p.count = count_of(op);
    p.doublings = *doublings;
    return call_step(kernel_call(*squash.fixed16, p, {operand(0), result()}));
  }
  double factor = doublings ? std::ldexp(3.0, *doublings) : static_cast<double>(scale) * 4096.0 * 3.0;
  int shift = 0;
  for (; !doublings && factor <= 32767 / 2.0 && shift <= 30; ++shift) factor *= 2;
  if (!(factor < 32768))
    return fail(ErrorKind::unsupported, "the data's scale " + std::to_string(scale) + " is too large for 16 bits");
  nw_squash16_params p{};
  p.count = count_of(op);
  p.multiplier = static_cast<int32_t>(factor);
  p.shift = shift;
  KernelCall call = kernel_call(*squash.table16, p, {operand(0), result()});
  call.point("table", constant_array("table", ElementType::u16, squash_table()));
  return call_step(std::move(call));
}

}  // namespace

Result<Step> lower_squash(const OpView& op, const ProfileDef& profile, const Squash& squash) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) {
    auto run = [n = count_of(op), real = squash.real](const float* in, float* out) { real(in, out, n); };
    return unary_step<float, float>(op, run, "float, vector loops", true);
  }
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  bool const q7 = profile.own_arithmetic && squash.in_q7 && dtype == DType::int8 &&
                  op.output().quantization == Quantization::of(0x1p-7f, 0);
  if (q7) return lower_int8_squash(op, squash, Form::reference);
  if (const Arithmetic* const own = own_arithmetic(op, profile); own && dtype == DType::int8)
    return table_step(op, squash.exact, own->rounding);
  Forms const& forms = kFormsSquash[profile];
  bool const by_table = dtype == DType::int8 && forms.int8 != Form::fixed;  // of whatever scale
  if (!by_table) NARROW_CHECK(check_fixed(op.output(), dtype == DType::int8 ? squash.out8 : squash.out16));
  return dtype == DType::int8 ? lower_int8_squash(op, squash, forms.int8) : lower_int16_squash(op, squash, forms.int16);
}

}  // namespace narrow
