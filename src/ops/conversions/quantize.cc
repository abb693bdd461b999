#include "ops/conversions/quantize.h"

#include <algorithm>
#include <type_traits>

#include "nw_requantize.h"
#include "ops/arithmetic/unary.h"
#include "ops/conversions/scale_slices.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/q8_rescale.h"

extern "C" {
#include "portable/conversions/quantize.h"
}

namespace narrow {
namespace {

/// f(an element of each 8- or 16-bit type that is quantized); unsupported for any other type.
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

template <class T>
Step from_float(const OpView& op, Form form) {
  if (op.output().quantization.per_axis()) return from_float_by_axis<T>(op);
  host::Affine const to{op.output().quantization.scale(), op.output().quantization.zero_point()};
  int64_t const n = op.output().elements();
  if constexpr (sizeof(T) == 2) {
    if (form == Form::optimized)
      return unary_step<float, T>(
          op, [=](const float* in, T* out) { host::quantize_optimized(to, in, out, n); }, "float, builtin optimized",
          true);
  }
  if (form == Form::delegate)
    return unary_step<float, T>(
        op, [=](const float* in, T* out) { host::quantize_even(to, in, out, n); }, "float, ties to even", true);
  return unary_step<float, T>(
      op, [=](const float* in, T* out) { host::quantize_away(to, in, out, n); }, "float, ties away from zero", true);
}

using Params = nw_quantize_params;
void requantize(const Params* p, const int8_t* in, int8_t* out) {
  nw_quantize_i8_i8(p, in, out);
}
void requantize(const Params* p, const int8_t* in, uint8_t* out) {
  nw_quantize_i8_u8(p, in, out);
}
void requantize(const Params* p, const int8_t* in, int16_t* out) {
  nw_quantize_i8_i16(p, in, out);
}
void requantize(const Params* p, const uint8_t* in, int8_t* out) {
  nw_quantize_u8_i8(p, in, out);
}
void requantize(const Params* p, const uint8_t* in, uint8_t* out) {
  nw_quantize_u8_u8(p, in, out);
}
void requantize(const Params* p, const uint8_t* in, int16_t* out) {
  nw_quantize_u8_i16(p, in, out);
}
void requantize(const Params* p, const int16_t* in, int8_t* out) {
  nw_quantize_i16_i8(p, in, out);
}
void requantize(const Params* p, const int16_t* in, int16_t* out) {
  nw_quantize_i16_i16(p, in, out);
}

template <class T>
T clamped(int32_t v) {
  return static_cast<T>(std::clamp<int32_t>(v, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

/// out = f(in - its zero point) + the result's.
template <class In, class Out, class F>
auto around_zero(const Params& p, F f) {
  return [=](int32_t count, const In* in, Out* out) {
    for (int32_t i = 0; i < count; ++i) out[i] = clamped<Out>(f(in[i] - p.input_zero_point) + p.output_zero_point);
  };
}

/// LiteRT's builtin optimized kernel between 8-bit types rounds ties up in the first floor(n / 16) * 16 elements.
template <class In, class Out>
Step optimized_step(const OpView& op, const Params& p) {
  auto up = [p](int32_t v) { return nw_requantize_double_up(v, p.multiplier, p.shift); };
  auto const head = tabulate<In, Out>(around_zero<In, Out>(p, up));
  auto const tail = tabulate<In, Out>(counted<Params, In, Out>(p, requantize));
  int32_t const count = count_of(op), rest = count % 16;
  auto run = [=](const In* in, Out* out) {
    look_up(count - rest, head, in, out);
    look_up(rest, tail, in + count - rest, out + count - rest);
  };
  return unary_step<In, Out>(op, run, "8-bit tables, builtin optimized", true);
}

/// Qm.n: a shift, rounded by the model's own rule.
template <class In, class Out>
Result<Step> shift_between(const OpView& op, const LowerContext& context, const Arithmetic& arithmetic,
                           void (*kernel)(const Params*, const In*, Out*)) {
  NARROW_TRY(int const in, fraction_bits(op.input(0)));
  NARROW_TRY(int const out, fraction_bits(op.output()));
  Params p{};
  NARROW_TRY(p.shift, check_shift(in - out, -30, 61, "the conversion"));
  p.rounding = static_cast<int>(arithmetic.rounding);
  return integer_step<In, Out>(op, context, counted<Params, In, Out>(p, kernel), "one rounding, plain loops");
}

template <class In, class Out>
Result<Step> between_integers(const OpView& op, const LowerContext& context) {
  if (const Arithmetic* own = own_arithmetic(op, context.profile)) {
    if constexpr (std::is_same_v<In, int8_t> && std::is_same_v<Out, int8_t>)
      return shift_between<In, Out>(op, context, *own, nw_quantize_by_rule_i8_i8);
    else if constexpr (std::is_same_v<In, int8_t> && std::is_same_v<Out, int16_t>)
      return shift_between<In, Out>(op, context, *own, nw_quantize_by_rule_i8_i16);
    else if constexpr (std::is_same_v<In, int16_t> && std::is_same_v<Out, int8_t>)
      return shift_between<In, Out>(op, context, *own, nw_quantize_by_rule_i16_i8);
    else if constexpr (std::is_same_v<In, int16_t> && std::is_same_v<Out, int16_t>)
      return shift_between<In, Out>(op, context, *own, nw_quantize_by_rule_i16_i16);
    else
      return fail(ErrorKind::unsupported, "Qm.n has no uint8");
  }
  float const in = op.input(0).quantization.scale(), out = op.output().quantization.scale();
  NARROW_TRY(Multiplier const m,
             multiplier_for(static_cast<double>(in) / static_cast<double>(out), reach(op.input(0))));
  Params p{};
  p.input_zero_point = op.input(0).quantization.zero_point();
  p.output_zero_point = op.output().quantization.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  if constexpr (sizeof(In) == 1 && sizeof(Out) == 1) {
    if (context.profile.quantize.int8 == Form::delegate) {
      if (!std::is_same_v<In, Out> || !q8_takes(in / out)) return optimized_step<In, Out>(op, p);
      auto rescale = [factor = q8_factor(in / out)](int32_t v) { return q8_rescale(v, factor); };
      return integer_step<In, Out>(op, context, around_zero<In, Out>(p, rescale),
                                   "8-bit, factor in 1/256, plain loops");
    }
  }
  return integer_step<In, Out>(op, context, counted<Params, In, Out>(p, requantize), "fixed point, plain loops");
}

template <class Out>
Result<Step> lower_to(const OpView& op, const LowerContext& context) {
  const Tensor& x = op.input(0);
  Forms const& forms = context.profile.quantize;
  if (x.dtype == DType::float32) return from_float<Out>(op, sizeof(Out) == 1 ? forms.int8 : forms.int16);
  return by_type(x, [&]<class In>(In) -> Result<Step> {
    NARROW_CHECK(check_integers(x));
    if constexpr (sizeof(In) == 2 && std::is_unsigned_v<Out>)
      return fail(ErrorKind::unsupported, "no runtime takes int16 to uint8");
    else
      return between_integers<In, Out>(op, context);
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
};

}  // namespace narrow
