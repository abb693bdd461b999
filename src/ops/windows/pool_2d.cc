#include <array>
#include <cmath>
#include <limits>

#include "graph/attribute_type.h"
#include "host/pool.h"
#include "ops/arithmetic/elementwise.h"
#include "ops/def/form.h"
#include "ops/integer/own_arithmetic.h"
#include "ops/integer/quantized.h"
#include "ops/windows/windows.h"
#include "rows/windows.h"

namespace narrow {
namespace {

enum class Kind { average, l2, maximum };

constexpr int32_t kLargestFilter = 1 << 24;  // keeps every position of its edges in 32 bits

Result<nw_pool_params> geometry_pool_2d(const OpView& op) {
  auto const& a = op.attributes<Pool2dAttributes>();
  const Shape& x = op.input(0).shape;
  if (x.rank() != 4)
    return fail(ErrorKind::bad_file, "the data has shape " + x.text() + "; four dimensions are needed");
  NARROW_TRY(Window const h, slide(x[1], a.filter_h, a.stride_h, 1, a.padding));
  NARROW_TRY(Window const w, slide(x[2], a.filter_w, a.stride_w, 1, a.padding));
  if (std::max(a.filter_h, a.filter_w) > kLargestFilter)
    return fail(ErrorKind::limit_exceeded,
                "a filter of " + std::to_string(a.filter_h) + " x " + std::to_string(a.filter_w) + " elements");
  nw_pool_params p{};
  p.window.batches = x[0];
  p.window.input_h = x[1];
  p.window.input_w = x[2];
  p.window.input_c = x[3];
  p.window.output_h = h.out;
  p.window.output_w = w.out;
  p.window.output_c = x[3];
  p.window.filter_h = a.filter_h;
  p.window.filter_w = a.filter_w;
  p.window.stride_h = a.stride_h;
  p.window.stride_w = a.stride_w;
  p.window.pad_top = h.pad_before;
  p.window.pad_left = w.pad_before;
  p.window.dilation_h = p.window.dilation_w = 1;
  return p;
}

Result<std::vector<Shape>> infer_pool_2d(const OpView& op) {
  NARROW_TRY(nw_pool_params const p, geometry_pool_2d(op));
  NARROW_TRY(Shape shape,
             Shape::make(std::array{p.window.batches, p.window.output_h, p.window.output_w, p.window.input_c}));
  return std::vector{std::move(shape)};
}

/// A step that calls compute(in, out, accumulators) once a sample, with an accumulator for each channel.
template <class F>
Step float_step_pool_2d(const OpView& op, F compute) {
  int64_t const in_advance = advance(op.input(0)), out_advance = op.output().elements();
  return Step{.run =
                  [=](const StepArgs& s) {
                    auto const* in = static_cast<const float*>(s.in[0]);
                    auto* out = static_cast<float*>(s.out[0]);
                    if (out_advance == 0) return;
                    for (int64_t i = 0; i < s.batch; ++i)
                      compute(in + i * in_advance, out + i * out_advance, reinterpret_cast<float*>(s.scratch));
                  },
              .scratch_bytes = sizeof(float) * static_cast<size_t>(op.input(0).shape.back()),
              .batched = true,
              .host_only = true,
              .kernel = "float, plain loops"};
}

Result<Step> lower_float_pool_2d(const OpView& op, Kind kind, const nw_pool_params& p) {
  NARROW_TRY(Interval const bounds, fused_interval(op.attributes<Pool2dAttributes>().activation));
  auto average = [p, bounds](const float* in, float* out, float* acc) {
    host::pool(
        p, in, out, acc, 0.0f, [](float sum, float v) { return sum + v; },
        [bounds](float sum, nw_i32 count) { return bounds.clamp(sum / static_cast<float>(count)); });
  };
  auto l2 = [p, bounds](const float* in, float* out, float* acc) {
    host::pool(
        p, in, out, acc, 0.0f, [](float sum, float v) { return sum + v * v; },
        [bounds](float sum, nw_i32 count) { return bounds.clamp(std::sqrt(sum / static_cast<float>(count))); });
  };
  auto maximum = [p, bounds](const float* in, float* out, float* acc) {
    host::pool(
        p, in, out, acc, -std::numeric_limits<float>::infinity(), [](float a, float b) { return a > b ? a : b; },
        [bounds](float v, nw_i32) { return bounds.clamp(v); });
  };
  if (kind == Kind::average) return float_step_pool_2d(op, average);
  if (kind == Kind::l2) return float_step_pool_2d(op, l2);
  return float_step_pool_2d(op, maximum);
}

const Kernel& integer_pool(Kind kind, DType dtype, bool by_rule) {
  bool const byte = dtype == DType::int8;
  if (kind == Kind::maximum) return byte ? kMaxPoolI8 : kMaxPoolI16;
  if (by_rule) return byte ? kAveragePoolByRuleI8 : kAveragePoolByRuleI16;
  return byte ? kAveragePoolI8 : kAveragePoolI16;
}

constexpr ByProfile<Forms> kFormsMaxPool{.xnnpack = {.int8 = Form::delegate}};

/// XNNPACK takes MAX_POOL_2D where no element is skipped.
bool delegated_pool_2d(const OpView& op, Kind kind, const ProfileDef& profile) {
  auto const& a = op.attributes<Pool2dAttributes>();
  return kind == Kind::maximum && op.output().dtype == DType::int8 && kFormsMaxPool[profile].int8 == Form::delegate &&
         a.stride_h <= a.filter_h && a.stride_w <= a.filter_w;
}

Status check_operands_pool_2d(const OpView& op, const nw_pool_params& p) {
  const Tensor& x = op.input(0);
  const Tensor& y = op.output();
  NARROW_CHECK(check_quantized(x));
  NARROW_CHECK(check_quantized(y));
  if (std::abs(x.quantization.scale() - y.quantization.scale()) > 1e-6f ||
      x.quantization.zero_point() != y.quantization.zero_point())
    return fail(ErrorKind::unsupported, "data and result have different scales or zero points; pools do not rescale");
  int64_t const window =
      int64_t{std::min(p.window.filter_h, p.window.input_h)} * std::min(p.window.filter_w, p.window.input_w);
  if (window > int64_t{1} << (x.dtype == DType::int8 ? 23 : 15))
    return fail(ErrorKind::unsupported,
                "the sum of a window of " + std::to_string(window) + " elements leaves 32 bits");
  return {};
}

Result<Step> lower_pool_2d(const OpView& op, const LowerContext& context, Kind kind) {
  NARROW_TRY(nw_pool_params p, geometry_pool_2d(op));
  DType const dtype = op.output().dtype;
  if (op.input(0).dtype != dtype)
    return fail(ErrorKind::unsupported,
                std::string("data of ") + to_string(op.input(0).dtype) + " with a result of " + to_string(dtype));
  if (dtype == DType::float32) return with_sizes(lower_float_pool_2d(op, kind, p), kPoolSizes, p);
  if (kind == Kind::l2) return fail(ErrorKind::unsupported, "no runtime computes it on integers");
  NARROW_CHECK(check_operands_pool_2d(op, p));
  Activation const activation = op.attributes<Pool2dAttributes>().activation;
  const Quantization& q = op.output().quantization;
  NARROW_TRY(IntegerInterval const bounds, delegated_pool_2d(op, kind, context.profile)
                                               ? integer_interval_to_even(activation, dtype, q)
                                               : integer_interval(activation, dtype, q));
  p.out_min = bounds.lo;
  p.out_max = bounds.hi;
  const Arithmetic* const own = own_arithmetic(op, context.profile);
  bool const by_rule = own && kind == Kind::average;
  if (by_rule) p.rounding = static_cast<int>(own->rounding);
  return call_step(kernel_call(integer_pool(kind, dtype, by_rule), p, {operand(0), result()}));
}

Result<Step> lower_average(const OpView& op, const LowerContext& context) {
  return lower_pool_2d(op, context, Kind::average);
}
Result<Step> lower_l2_pool_2d(const OpView& op, const LowerContext& context) {
  return lower_pool_2d(op, context, Kind::l2);
}
Result<Step> lower_maximum_pool_2d(const OpView& op, const LowerContext& context) {
  return lower_pool_2d(op, context, Kind::maximum);
}

constexpr QuantRule quant_rule_pool_2d(Kind kind) {
  QuantRule rule = moving_rule({Role::activation}, {.int8 = 2, .int16 = 3});
  rule.rounds_by_rule = kind == Kind::average;
  rule.far = kind == Kind::maximum ? FarValues::largest : FarValues::matter;
  return rule;
}

}  // namespace

std::optional<RoundingRule> unsigned_average_rounding(const Pool2dAttributes& pool) {
  bool const odd = pool.padding == Padding::valid && pool.filter_h % 2 == 1 && pool.filter_w % 2 == 1;
  return odd ? std::nullopt : std::optional(RoundingRule::half_up);
}

constexpr AttributeField kPool2dFields[] = {
    field<&Pool2dAttributes::padding>("padding"),   field<&Pool2dAttributes::stride_h>("stride_h"),
    field<&Pool2dAttributes::stride_w>("stride_w"), field<&Pool2dAttributes::filter_h>("filter_h"),
    field<&Pool2dAttributes::filter_w>("filter_w"), field<&Pool2dAttributes::activation>("activation"),
};
const AttributeType Pool2dAttributes::kType = attribute_type<Pool2dAttributes>("Pool2d", kPool2dFields);

const OpDef kAveragePool2d{
    .name = "AVERAGE_POOL_2D",
    .attributes = &Pool2dAttributes::kType,
    .arity = {},
    .quant = quant_rule_pool_2d(Kind::average),
    .infer = infer_pool_2d,
    .lower = lower_average,
    .channels = channels_always<ChannelFlow::rising>,
    .scaling_operands = 1,
    .fuses_activation = true,
    .short_name = "AVG_POOL",
};
const OpDef kL2Pool2d{
    .name = "L2_POOL_2D",
    .attributes = &Pool2dAttributes::kType,
    .arity = {},
    .quant = {},
    .infer = infer_pool_2d,
    .lower = lower_l2_pool_2d,
    .fuses_activation = true,
    .short_name = "L2_POOL",
};
const OpDef kMaxPool2d{
    .name = "MAX_POOL_2D",
    .attributes = &Pool2dAttributes::kType,
    .arity = {},
    .quant = quant_rule_pool_2d(Kind::maximum),
    .infer = infer_pool_2d,
    .lower = lower_maximum_pool_2d,
    .channels = channels_always<ChannelFlow::rising>,
    .scaling_operands = 1,
    .fuses_activation = true,
    .short_name = "MAX_POOL",
};

}  // namespace narrow
