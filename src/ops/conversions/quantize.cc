#include <algorithm>
#include <type_traits>

#include "ops/activations/tabulated.h"
#include "ops/arithmetic/unary.h"
#include "ops/conversions/conversions.h"
#include "ops/conversions/scale_slices.h"
#include "ops/def/form.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/q8_rescale.h"
#include "rows/conversions.h"
#include "rows/tabulated.h"

extern "C" {
#include "portable/conversions/quantize.h"
}

namespace narrow {
namespace {

/// f(an element of each type of 8 or 16 bits that is quantized); unsupported for any other type.
template <class F>
Result<Step> by_type(const Tensor& t, F f) {
  switch (t.dtype) {
    case DType::int8:
      return f(int8_t{});
    case DType::uint8:
      return f(uint8_t{});
    case DType::int16:
      return f(int16_t{});
    default:
      return fail(ErrorKind::unsupported, "'" + t.name + "' holds " + to_string(t.dtype));
  }
}

Status check_integers(const Tensor& t) {
  return t.dtype == DType::uint8 ? check_one_scale(t) : check_quantized(t);
}

/// With a scale for each index along an axis LiteRT has one kernel for all.
template <class T>
Step from_float_by_axis(const OpView& op) {
  auto run = [slices = ScaleSlices(op.output())](const float* in, T* out) {
    slices.each(in, out, [](const host::Affine& to, const float* part, T* result, int64_t n) {
      host::quantize_away(to, part, result, n);
    });
  };
  return unary_step<float, T>(op, run, "float, ties away from zero", true);
}

// int8 stands for uint8 too.
constexpr ByProfile<Forms> kFormsQuantize{.xnnpack = {.int8 = Form::delegate, .int16 = Form::optimized}};

template <class T>
Step from_float(const OpView& op, Form form, const Arithmetic* own) {
  if (op.output().quantization.per_axis()) return from_float_by_axis<T>(op);
  host::Affine const to{op.output().quantization.scale(), op.output().quantization.zero_point()};
  int64_t const n = op.output().elements();
  if constexpr (sizeof(T) == 2) {
    if (form == Form::optimized)
      return unary_step<float, T>(
          op, [=](const float* in, T* out) { host::quantize_optimized(to, in, out, n); }, "float, builtin optimized",
          true);
  }
  if (form == Form::delegate || (own && own->rounding == RoundingRule::half_even))
    return unary_step<float, T>(
        op, [=](const float* in, T* out) { host::quantize_even(to, in, out, n); }, "float, ties to even", true);
  return unary_step<float, T>(
      op, [=](const float* in, T* out) { host::quantize_away(to, in, out, n); }, "float, ties away from zero", true);
}

/// The call of the kernel for the op's types; unsupported where there is none.
template <class In, class Out>
Result<Step> requantize_step(const OpView& op, std::span<const Kernel> kernels, nw_quantize_params p) {
  const Kernel* const kernel = find_kernel(kernels, element_type_of<In>(), element_type_of<Out>());
  if (!kernel)
    return fail(ErrorKind::unsupported,
                std::string("no kernel takes ") + to_string(op.input(0).dtype) + " to " + to_string(op.output().dtype));
  p.count = count_of(op);
  return call_step(kernel_call(*kernel, p, {operand(0), result()}));
}

/// XNNPACK, within one 8-bit type: a table of what its factor in 1/256 makes of each value.
template <class T>
Step delegate_step(const OpView& op, const nw_quantize_params& p, float ratio) {
  auto const fill = [&, factor = q8_factor(ratio)](const T* in, T* out) {
    using Limits = std::numeric_limits<T>;
    for (int i = 0; i < 256; ++i) {
      int32_t const q = q8_rescale(in[i] - p.input_zero_point, factor) + p.output_zero_point;
      out[i] = static_cast<T>(std::clamp<int32_t>(q, Limits::min(), Limits::max()));
    }
  };
  return table_step(op, tabulate<T, T>(fill));
}

/// Qm.n: a shift, rounded by the model's own rule.
template <class In, class Out>
Result<Step> shift_between(const OpView& op, const Arithmetic& arithmetic) {
  if (!std::is_signed_v<In> || !std::is_signed_v<Out>) return fail(ErrorKind::unsupported, "Qm.n has no uint8");
  NARROW_TRY(int const in, fraction_bits(op.input(0)));
  NARROW_TRY(int const out, fraction_bits(op.output()));
  nw_quantize_params p{};
  NARROW_TRY(p.shift, check_shift(in - out, -30, 61, "the conversion"));
  p.rounding = static_cast<int>(arithmetic.rounding);
  return requantize_step<In, Out>(op, quantize_by_rule_kernels(), p);
}

/// 32-bit integers, which have no form in XNNPACK and none that states its arithmetic.
template <class Out>
Result<Step> from_int32(const OpView& op) {
  const Quantization &in = op.input(0).quantization, &out = op.output().quantization;
  NARROW_CHECK(check_one_scale(op.input(0)));
  Multiplier const m = quantize_multiplier(static_cast<double>(in.scale()) / static_cast<double>(out.scale()));
  if (in.zero_point() != 0 || m.shift > 0)
    return fail(ErrorKind::unsupported,
                "int32 is taken with zero point 0 and a smaller scale than the result's; others leave 32 bits");
  nw_quantize_params p{};
  p.output_zero_point = out.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  return requantize_step<int32_t, Out>(op, quantize_kernels(), p);
}

template <class In, class Out>
Result<Step> between_integers(const OpView& op, const ProfileDef& profile) {
  if (const Arithmetic* own = own_arithmetic(op, profile)) {
    if (fraction_bits(op.input(0)) && fraction_bits(op.output())) return shift_between<In, Out>(op, *own);
    if constexpr (std::is_same_v<In, int8_t> && std::is_same_v<Out, int8_t>) {
      auto const same = [](double v) { return v; };
      return table_step(op, same, own->rounding);
    }
  }
  float const in = op.input(0).quantization.scale(), out = op.output().quantization.scale();
  NARROW_TRY(Multiplier const m,
             multiplier_for(static_cast<double>(in) / static_cast<double>(out), reach(op.input(0))));
  nw_quantize_params p{};
  p.input_zero_point = op.input(0).quantization.zero_point();
  p.output_zero_point = op.output().quantization.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  if (sizeof(In) == 1 && sizeof(Out) == 1 && kFormsQuantize[profile].int8 == Form::delegate) {
    if constexpr (sizeof(In) == 1 && std::is_same_v<In, Out>) {
      if (q8_takes(in / out)) return delegate_step<In>(op, p, in / out);
    }
    return requantize_step<In, Out>(op, quantize_optimized_kernels(), p);
  }
  return requantize_step<In, Out>(op, quantize_kernels(), p);
}

template <class Out>
Result<Step> lower_to(const OpView& op, const LowerContext& context) {
  const Tensor& x = op.input(0);
  Forms const& forms = kFormsQuantize[context.profile];
  if (x.dtype == DType::float32)
    return from_float<Out>(op, sizeof(Out) == 1 ? forms.int8 : forms.int16, own_arithmetic(op, context.profile));
  if constexpr (std::is_signed_v<Out>)
    if (x.dtype == DType::int32) return from_int32<Out>(op);
  return by_type(x, [&]<class In>(In) -> Result<Step> {
    NARROW_CHECK(check_one_scale(x));  // 16 bits have a zero point where they are a SOFTMAX's of 8
    if constexpr (sizeof(In) == 2 && std::is_unsigned_v<Out>)
      return fail(ErrorKind::unsupported, "no runtime takes int16 to uint8");
    else
      return between_integers<In, Out>(op, context.profile);
  });
}

Result<Step> lower_quantize(const OpView& op, const LowerContext& context) {
  return by_type(op.output(), [&]<class Out>(Out) -> Result<Step> {
    bool const by_axis = op.input(0).dtype == DType::float32 && op.output().quantization.per_axis();
    if (!by_axis) NARROW_CHECK(check_integers(op.output()));
    return lower_to<Out>(op, context);
  });
}

}  // namespace

const OpDef kQuantize{
    .name = "QUANTIZE",
    .arity = {},
    .quant = {.roles = {Role::activation}, .versions = {.int8 = 1, .int16 = 2}},
    .infer = infer_unary,
    .lower = lower_quantize,
    .channels = channels_always<ChannelFlow::rising>,
    .conversion = Conversion::quantize,
};

}  // namespace narrow
