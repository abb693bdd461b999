#include "host/reduce.h"

#include <algorithm>
#include <cmath>

#include "host/reduce.h"
#include "nw_requantize.h"
#include "ops/def/form.h"
#include "ops/integer/multiplier.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/quantized.h"
#include "ops/layout/index_operand.h"
#include "ops/reductions/reduction.h"
#include "rows/reductions.h"

namespace narrow {
namespace {

enum class Kind { mean, sum };

/// A step that sums up one sample after the other and calls finish(accumulator) for each result.
template <class T, class Acc, class F>
Step plain_sum_reduce(const Reduction& r, F finish, const char* kernel) {
  return Step{.run =
                  [r, finish](const StepArgs& s) {
                    auto const* in = static_cast<const T*>(s.in[0]);
                    auto* out = static_cast<T*>(s.out[0]);
                    auto* acc = reinterpret_cast<Acc*>(s.scratch);
                    if (r.outputs == 0) return;
                    for (int64_t i = 0; i < s.batch; ++i, in += r.in_advance) {
                      host::sum_along(r.walk, in, acc, r.outputs);
                      for (int64_t o = 0; o < r.outputs; ++o) *out++ = static_cast<T>(finish(acc[o]));
                    }
                  },
              .scratch_bytes = sizeof(Acc) * static_cast<size_t>(r.outputs),
              .batched = true,
              .host_only = true,
              .kernel = kernel};
}

/// Multiplier and shift of a sum's factor; that of a mean has 1 / count in it, cut.
Multiplier factor_of_reduce(Kind kind, float in_scale, float out_scale, int32_t count) {
  Multiplier m = quantize_multiplier(static_cast<double>(in_scale) / static_cast<double>(out_scale));
  if (kind == Kind::sum) return m;
  int const k = std::min({std::ilogb(static_cast<double>(count)), 32, 31 + m.shift});
  return {static_cast<int32_t>((int64_t{m.value} << k) / count), m.shift - k};
}

/// What lowering one integer op needs.
struct Integers {
  Kind kind;
  Reduction r;
  const Quantization& in;
  const Quantization& out;
  IntegerInterval range;
  int64_t most;  // largest magnitude of a sum without zero points
};

/// What all integer reductions say of their sums and results; `m` is the factor of a sum.
nw_reduce_params params_of_reduce(const Integers& v, const Multiplier& m) {
  nw_reduce_params p{};
  p.kept = v.r.kept();
  p.reduced = v.r.reduced();
  p.sum_offset = v.in.zero_point() * v.r.count;
  p.multiplier = m.value;
  p.shift = m.shift;
  p.out_zero_point = v.out.zero_point();
  p.out_min = v.range.lo;
  p.out_max = v.range.hi;
  return p;
}

Result<Step> lower_fixed_reduce(const Integers& v, const Kernel& kernel) {
  Multiplier const m = factor_of_reduce(v.kind, v.in.scale(), v.out.scale(), v.r.count);
  if (m.shift > 30 || (v.most << std::max(m.shift, 0)) >= (int64_t{1} << 31) - (1 << 15))
    return fail(ErrorKind::unsupported, "the result's scale is too small; sums leave 32 bits in the runtimes");
  return call_step(kernel_call(kernel, params_of_reduce(v, m), {operand(0), result()}));
}

/// The exact result, rounded once.
Result<Step> lower_once_reduce(const Integers& v, const Arithmetic& arithmetic) {
  double const count = v.kind == Kind::mean ? v.r.count : 1;
  Multiplier const m =
      quantize_multiplier(static_cast<double>(v.in.scale()) / static_cast<double>(v.out.scale()) / count);
  if (m.shift > 14) return fail(ErrorKind::unsupported, "the result's scale is too small for that of the data");
  nw_reduce_params p = params_of_reduce(v, m);
  p.rounding = static_cast<int>(arithmetic.rounding);
  return call_step(kernel_call(kSumOnceI8, p, {operand(0), result()}));
}

/// XNNPACK's 8-bit arithmetic: float32 after the sum, zero points in one constant, ties to even.
Result<Step> lower_delegate_reduce(const Integers& v) {
  auto const count = static_cast<float>(v.r.count);
  float const scale = v.in.scale() / v.out.scale() * (v.kind == Kind::mean ? 1.0f / count : 1.0f);
  if (!(scale < 0x1p60f)) return fail(ErrorKind::unsupported, "the result's scale is too small");
  float const constant = static_cast<float>(v.out.zero_point()) - count * static_cast<float>(v.in.zero_point()) * scale;
  host::FloatReduceParams const p{v.r.kept(), v.r.reduced(), scale, constant};
  return call_step(kernel_call(kSumFloatI8, p, {operand(0), result()}));
}

/// LiteRT's optimized 16-bit SUM: float32 after the sum, ties away from zero.
Result<Step> lower_optimized_reduce(const Integers& v) {
  float const scale = v.in.scale() / v.out.scale();
  if (!(static_cast<float>(v.most) * scale < 0x1p31f))
    return fail(ErrorKind::unsupported, "the result's scale is too small; sums leave 32 bits in the runtime");
  host::FloatReduceParams const p{v.r.kept(), v.r.reduced(), scale, 0};
  return call_step(kernel_call(kSumFloatI16, p, {operand(0), result()}));
}

constexpr ByProfile<Forms> kFormsMean{.xnnpack = {.int8 = Form::delegate}};
constexpr ByProfile<Forms> kFormsSum{.litert = {Form::broken, Form::broken},
                                     .xnnpack = {Form::delegate, Form::optimized}};

Result<Step> lower_integer_reduce(const OpView& op, const LowerContext& context, Kind kind, const Reduction& r) {
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  DType const dtype = op.output().dtype;
  Form const form = (kind == Kind::mean ? kFormsMean : kFormsSum)[context.profile].of(dtype);
  if (form == Form::broken)
    return fail(ErrorKind::unsupported, "LiteRT's reference kernel reads integers as unsigned bytes here", {},
                "`profile=tflm` or `profile=xnnpack`");
  Integers const v{.kind = kind,
                   .r = r,
                   .in = op.input(0).quantization,
                   .out = op.output().quantization,
                   .range = integer_range(dtype),
                   .most = int64_t{r.count} * (dtype == DType::int8 ? 255 : 32768)};
  if (v.most >= int64_t{1} << 31)
    return fail(ErrorKind::unsupported, "sums of " + std::to_string(r.count) + " elements leave 32 bits");
  if (const Arithmetic* own = own_arithmetic(op, context.profile); own && dtype == DType::int8)
    return lower_once_reduce(v, *own);
  if (form == Form::delegate) {
    if (op.input(1).elements() == 0)
      return fail(ErrorKind::unsupported, "what LiteRT computes without an axis is not known");
    return lower_delegate_reduce(v);
  }
  if (form == Form::optimized) return lower_optimized_reduce(v);
  return lower_fixed_reduce(v, dtype == DType::int8 ? kSumI8 : kSumI16);
}

/// Of whole numbers; sums wrap at 64 bits, means are cut.
template <class T>
Step plain_step_reduce(const Reduction& r, Kind kind) {
  int64_t const divisor = kind == Kind::mean ? r.count : 1;
  return plain_sum_reduce<T, uint64_t>(
      r, [divisor](uint64_t sum) { return static_cast<int64_t>(sum) / divisor; }, "integer, in memory order");
}

Result<Step> lower_reduce(const OpView& op, const LowerContext& context, Kind kind) {
  DType const dtype = op.output().dtype;
  if (op.input(0).dtype != dtype)
    return fail(ErrorKind::unsupported,
                std::string("data of ") + to_string(op.input(0).dtype) + " with a result of " + to_string(dtype));
  NARROW_TRY(Reduction const r, reduction_of(op));
  if (dtype == DType::int32) return plain_step_reduce<int32_t>(r, kind);
  if (dtype == DType::int64) return plain_step_reduce<int64_t>(r, kind);
  if (dtype != DType::float32) return lower_integer_reduce(op, context, kind, r);
  float const divisor = kind == Kind::mean ? static_cast<float>(r.count) : 1.0f;
  return plain_sum_reduce<float, float>(
      r, [divisor](float sum) { return sum / divisor; }, "float, in memory order");
}

Result<Step> lower_mean(const OpView& op, const LowerContext& context) {
  return lower_reduce(op, context, Kind::mean);
}
Result<Step> lower_sum(const OpView& op, const LowerContext& context) {
  return lower_reduce(op, context, Kind::sum);
}

/// Apart where channels are not reduced over.
ChannelFlow channels_mean(const OpView& op) {
  auto const axes = index_values(op, 1, "axes");
  int const rank = op.input(0).shape.rank();
  bool const apart =
      axes && std::none_of(axes->begin(), axes->end(), [&](int64_t a) { return a == -1 || a == rank - 1; });
  return apart ? ChannelFlow::rising : ChannelFlow::mixed;
}

constexpr QuantRule quant_rule_reduce(ScaleRule output16, int version16, bool leaves_range) {
  return {.int8 = true,
          .int16 = true,
          .roles = {Role::activation, Role::index},
          .output16 = output16,
          .versions = {.int8 = 2, .int16 = version16},
          .leaves_range = leaves_range};
}

}  // namespace

const OpDef kMean{.name = "MEAN",
                  .attributes = &ReduceAttributes::kType,
                  .arity = {.min_inputs = 2, .max_inputs = 2},
                  .quant = quant_rule_reduce(ScaleRule::free, 3, false),
                  .infer = infer_reduction,
                  .lower = lower_mean,
                  .channels = channels_mean,
                  .scaling_operands = 1};

const OpDef kSum{.name = "SUM",
                 .attributes = &ReduceAttributes::kType,
                 .arity = {.min_inputs = 2, .max_inputs = 2},
                 .quant = quant_rule_reduce(ScaleRule::same, 2, true),
                 .infer = infer_reduction,
                 .lower = lower_sum};

}  // namespace narrow
