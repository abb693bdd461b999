#include <cmath>

#include "graph/attribute_type.h"
#include "ops/arithmetic/unary.h"
#include "ops/layout/along_axis.h"
#include "ops/reductions/reductions.h"
#include "rows/reductions.h"

extern "C" {
#include "portable/reductions/arg_extreme.h"
}

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_arg_extreme(const OpView& op) {
  NARROW_TRY(Axis const axis, axis_operand(op));
  const Shape& x = op.input(0).shape;
  if (x[axis.index()] == 0)
    return fail(ErrorKind::bad_file, "data of shape " + x.text() + " has nothing to choose from");
  std::vector<int32_t> dims(x.dims().begin(), x.dims().end());
  dims.erase(dims.begin() + axis.index());
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

/// Whether `a` takes the place of `b`; a NaN never does, and any number takes its place.
template <bool kLargest, class T>
bool before(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    if (std::isnan(a) || std::isnan(b)) return !std::isnan(a);
  return kLargest ? a > b : a < b;
}

template <bool kLargest, class T, class Out>
Step plain_step_arg_extreme(const OpView& op, const AlongAxis& a) {
  auto run = [a](const T* in, Out* out) {
    for (int64_t o = 0; o < a.outer; ++o, in += a.depth * a.inner) {
      for (int64_t i = 0; i < a.inner; ++i) {
        int64_t best = 0;
        for (int64_t d = 1; d < a.depth; ++d)
          if (before<kLargest>(in[d * a.inner + i], in[best * a.inner + i])) best = d;
        *out++ = static_cast<Out>(best);
      }
    }
  };
  return unary_step<T, Out>(op, run, "plain loops", true);
}

Step stored_arg_extreme(const AlongAxis& a, const Kernel& kernel) {
  nw_arg_params const p{static_cast<nw_i32>(a.outer), static_cast<nw_i32>(a.depth), static_cast<nw_i32>(a.inner)};
  return call_step(kernel_call(kernel, p, {operand(0), result()}));
}

template <bool kLargest, class Out>
Result<Step> lower_as(const OpView& op, const AlongAxis& a) {
  switch (DType const dtype = op.input(0).dtype) {
    case DType::float32:
      return plain_step_arg_extreme<kLargest, float, Out>(op, a);
    case DType::int32:
      return plain_step_arg_extreme<kLargest, int32_t, Out>(op, a);
    case DType::int64:
      return plain_step_arg_extreme<kLargest, int64_t, Out>(op, a);
    case DType::uint8:
    case DType::boolean:
      return plain_step_arg_extreme<kLargest, uint8_t, Out>(op, a);
    case DType::int8:
      if constexpr (sizeof(Out) == 4) return stored_arg_extreme(a, kLargest ? kArgMaxI8 : kArgMinI8);
      return plain_step_arg_extreme<kLargest, int8_t, Out>(op, a);
    case DType::int16:
      if constexpr (sizeof(Out) == 4) return stored_arg_extreme(a, kLargest ? kArgMaxI16 : kArgMinI16);
      return plain_step_arg_extreme<kLargest, int16_t, Out>(op, a);
    default:
      return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  }
}

template <bool kLargest>
Result<Step> lower_arg_extreme(const OpView& op, const LowerContext&) {
  NARROW_TRY(Axis const axis, axis_operand(op));
  AlongAxis const a = along(op.input(0).shape, axis.index());
  DType const dtype = op.output().dtype, stated = op.attributes<ArgAttributes>().output_type;
  if (dtype != stated)
    return fail(ErrorKind::bad_file,
                std::string("indices of ") + to_string(stated) + " with a result of " + to_string(dtype));
  if (dtype == DType::int32) return lower_as<kLargest, int32_t>(op, a);
  if (dtype == DType::int64) return lower_as<kLargest, int64_t>(op, a);
  return fail(ErrorKind::bad_file, std::string("indices of type ") + to_string(dtype));
}

// No runtime takes data of 16 bits.
constexpr QuantRule quant_rule_arg_extreme(FarValues far) {
  return {.int8 = true,
          .roles = {Role::activation, Role::index},
          .output8 = ScaleRule::none,
          .output16 = ScaleRule::none,
          .versions = {.int8 = 2, .int16 = 2},
          .far = far};
}
constexpr Arity kArityArgExtreme{.min_inputs = 2, .max_inputs = 2};

}  // namespace

constexpr AttributeField kArgFields[] = {
    field<&ArgAttributes::output_type>("output_type"),
};
const AttributeType ArgAttributes::kType = attribute_type<ArgAttributes>("Arg", kArgFields);

const OpDef kArgMax{.name = "ARG_MAX",
                    .attributes = &ArgAttributes::kType,
                    .arity = kArityArgExtreme,
                    .quant = quant_rule_arg_extreme(FarValues::largest),
                    .infer = infer_arg_extreme,
                    .lower = lower_arg_extreme<true>};
const OpDef kArgMin{.name = "ARG_MIN",
                    .attributes = &ArgAttributes::kType,
                    .arity = kArityArgExtreme,
                    .quant = quant_rule_arg_extreme(FarValues::smallest),
                    .infer = infer_arg_extreme,
                    .lower = lower_arg_extreme<false>};

}  // namespace narrow
