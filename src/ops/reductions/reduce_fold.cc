#include <cmath>
#include <limits>

#include "host/reduce.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"
#include "ops/integer/quantized.h"
#include "ops/reductions/reduction.h"
#include "rows/reductions.h"

extern "C" {
#include "portable/reductions/reduce_fold.h"
}

namespace narrow {
namespace {

/// A step that folds the elements of each result: f(f(start, x), y)...
template <class T, class F>
Step fold_step(const Reduction& r, T start, F f, const char* kernel) {
  return Step{.run =
                  [r, start, f](const StepArgs& s) {
                    auto const* in = static_cast<const T*>(s.in[0]);
                    auto* out = static_cast<T*>(s.out[0]);
                    if (r.outputs == 0) return;
                    for (int64_t i = 0; i < s.batch; ++i)
                      host::fold_along(r.walk, in + i * r.in_advance, out + i * r.outputs, r.outputs, start, f);
                  },
              .batched = true,
              .host_only = true,
              .kernel = kernel};
}

/// The largest or smallest element.
struct Extreme {
  bool largest;
  const Kernel& kernel8;
  const Kernel& kernel16;
};

/// Of plain numbers.
template <class T>
Step extreme_step(const Reduction& r, const Extreme& e, const char* kernel) {
  using Limits = std::numeric_limits<T>;
  auto end = [](bool low) {
    if constexpr (Limits::has_infinity) return low ? -Limits::infinity() : Limits::infinity();
    return low ? Limits::lowest() : Limits::max();
  };
  if (e.largest)
    return fold_step<T>(
        r, end(true), [](T a, T b) { return b > a ? b : a; }, kernel);
  return fold_step<T>(
      r, end(false), [](T a, T b) { return b < a ? b : a; }, kernel);
}

Step stored_extreme(const Reduction& r, const Extreme& e, DType dtype) {
  nw_extreme_params const p{r.kept(), r.reduced()};
  return call_step(kernel_call(dtype == DType::int8 ? e.kernel8 : e.kernel16, p, {operand(0), result()}));
}

template <const Extreme& kExtreme>
Result<Step> lower_extreme(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  NARROW_TRY(Reduction const r, reduction_of(op));
  switch (dtype) {
    case DType::float32:
      return extreme_step<float>(r, kExtreme, "float, in memory order");
    case DType::int32:
      return extreme_step<int32_t>(r, kExtreme, "int32, in memory order");
    case DType::int64:
      return extreme_step<int64_t>(r, kExtreme, "int64, in memory order");
    case DType::uint8:
      return extreme_step<uint8_t>(r, kExtreme, "uint8, in memory order");
    case DType::int8:
      return stored_extreme(r, kExtreme, dtype);
    case DType::int16:
      NARROW_CHECK(form_for(kFormsNotInTflm[context.profile], dtype));
      return stored_extreme(r, kExtreme, dtype);
    default:
      return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  }
}

constexpr Extreme kMax{true, kReduceMaxI8, kReduceMaxI16};
constexpr Extreme kMin{false, kReduceMinI8, kReduceMinI16};

// LiteRT's optimized kernels copy what is stored where each product is one of a single element.
constexpr ByProfile<bool> kCopiesSingleProducts{.xnnpack = true};

Result<Step> lower_quantized_product(const OpView& op, const LowerContext& context, const Reduction& r) {
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  NARROW_CHECK(form_for(kFormsNotInTflm[context.profile], op.output().dtype));
  if (r.count == 1 && kCopiesSingleProducts[context.profile]) return stored_extreme(r, kMax, op.output().dtype);
  const Quantization& x = op.input(0).quantization;
  const Quantization& y = op.output().quantization;
  double const factor =
      static_cast<double>(x.scale()) / std::pow(static_cast<double>(y.scale()), 1.0 / static_cast<double>(r.count));
  if (!(factor < 0x1p14))
    return fail(ErrorKind::unsupported, "the result's scale is too small; products leave 64 bits in the runtime");
  Multiplier const m = quantize_multiplier(factor);
  nw_product_params p{};
  p.kept = r.kept();
  p.reduced = r.reduced();
  p.input_zero_point = x.zero_point();
  p.output_zero_point = y.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  const Kernel& kernel = op.output().dtype == DType::int8 ? kReduceProdI8 : kReduceProdI16;
  return call_step(kernel_call(kernel, p, {operand(0), result()}));
}

/// Of whole numbers, which wrap.
template <class T>
Step whole_product(const Reduction& r) {
  auto times = [](T a, T b) { return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b)); };
  return fold_step<T>(r, T{1}, times, "integer, in memory order");
}

Result<Step> lower_product(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  NARROW_TRY(Reduction const r, reduction_of(op));
  if (dtype == DType::float32)
    return fold_step<float>(
        r, 1.0f, [](float a, float b) { return a * b; }, "float, in memory order");
  if (dtype == DType::int32) return whole_product<int32_t>(r);
  if (dtype == DType::int64) return whole_product<int64_t>(r);
  return lower_quantized_product(op, context, r);
}

template <bool kAll>
Result<Step> lower_truth(const OpView& op, const LowerContext&) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype != DType::boolean)
    return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  NARROW_TRY(Reduction const r, reduction_of(op));
  auto both = [](uint8_t a, uint8_t b) { return static_cast<uint8_t>(kAll ? (a && b) : (a || b)); };
  return fold_step<uint8_t>(r, uint8_t{kAll}, both, "bool, in memory order");
}

constexpr QuantRule quant_rule_reduce_fold(ScaleRule output, int version16, FarValues far = FarValues::matter) {
  return {.int8 = true,
          .int16 = true,
          .roles = {Role::activation, Role::index},
          .output8 = output,
          .output16 = output,
          .versions = {.int8 = 2, .int16 = version16},
          .far = far};
}

constexpr Arity kArityReduceFold{.min_inputs = 2, .max_inputs = 2};

}  // namespace

const OpDef kReduceAll{.name = "REDUCE_ALL",
                       .attributes = &ReduceAttributes::kType,
                       .arity = kArityReduceFold,
                       .quant = {},
                       .infer = infer_reduction,
                       .lower = lower_truth<true>};
const OpDef kReduceAny{.name = "REDUCE_ANY",
                       .attributes = &ReduceAttributes::kType,
                       .arity = kArityReduceFold,
                       .quant = {},
                       .infer = infer_reduction,
                       .lower = lower_truth<false>};
const OpDef kReduceMax{.name = "REDUCE_MAX",
                       .attributes = &ReduceAttributes::kType,
                       .arity = kArityReduceFold,
                       .quant = quant_rule_reduce_fold(ScaleRule::same, 3, FarValues::largest),
                       .infer = infer_reduction,
                       .lower = lower_extreme<kMax>};
const OpDef kReduceMin{.name = "REDUCE_MIN",
                       .attributes = &ReduceAttributes::kType,
                       .arity = kArityReduceFold,
                       .quant = quant_rule_reduce_fold(ScaleRule::same, 3, FarValues::smallest),
                       .infer = infer_reduction,
                       .lower = lower_extreme<kMin>};
const OpDef kReduceProd{.name = "REDUCE_PROD",
                        .attributes = &ReduceAttributes::kType,
                        .arity = kArityReduceFold,
                        .quant = quant_rule_reduce_fold(ScaleRule::free, 2),
                        .infer = infer_reduction,
                        .lower = lower_product};

}  // namespace narrow
