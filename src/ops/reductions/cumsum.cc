#include "graph/attribute_type.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"
#include "ops/layout/along_axis.h"
#include "ops/reductions/reductions.h"
#include "rows/reductions.h"

extern "C" {
#include "portable/reductions/cumsum.h"
}

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_cumsum(const OpView& op) {
  NARROW_CHECK(axis_operand(op));
  return infer_unary(op);
}

/// Of plain numbers; whole ones are unsigned here, so that they wrap.
template <class T>
Step plain_step_cumsum(const OpView& op, const AlongAxis& a, const char* kernel) {
  auto const [exclusive, reverse] = op.attributes<CumsumAttributes>();
  auto run = [a, exclusive = exclusive, reverse = reverse](const T* in, T* out) {
    for (int64_t o = 0; o < a.outer; ++o) {
      for (int64_t i = 0; i < a.inner; ++i) {
        T sum{};
        for (int64_t d = 0; d < a.depth; ++d) {
          int64_t const at = (o * a.depth + (reverse ? a.depth - 1 - d : d)) * a.inner + i;
          T const next = sum + in[at];
          out[at] = exclusive ? sum : next;
          sum = next;
        }
      }
    }
  };
  return unary_step<T, T>(op, run, kernel, true);
}

/// TFLM's kernel, the only one there is.
Result<Step> lower_int8_cumsum(const OpView& op, const AlongAxis& a) {
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  const Quantization& x = op.input(0).quantization;
  const Quantization& y = op.output().quantization;
  double const factor = 2 * static_cast<double>(x.scale()) / (0x1p20 * static_cast<double>(y.scale()));
  if (!(factor < 1)) return fail(ErrorKind::unsupported, "the data's scale is 2^19 times the result's or more");
  if ((a.depth + 1) * reach(op.input(0)) >= int64_t{1} << 12)
    return fail(ErrorKind::unsupported, "sums of " + std::to_string(a.depth) +
                                            " elements leave 32 bits in the runtime, which scales each by 2^19");
  auto const [exclusive, reverse] = op.attributes<CumsumAttributes>();
  Multiplier const m = quantize_multiplier(factor);
  nw_cumsum_params p{};
  p.outer = static_cast<nw_i32>(a.outer);
  p.depth = static_cast<nw_i32>(a.depth);
  p.inner = static_cast<nw_i32>(a.inner);
  p.exclusive = exclusive;
  p.reverse = reverse;
  p.input_zero_point = x.zero_point();
  p.output_zero_point = y.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  return call_step(kernel_call(kCumsumI8, p, {operand(0), result()}));
}

Result<Step> lower_cumsum(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  NARROW_TRY(Axis const axis, axis_operand(op));
  AlongAxis const a = along(op.input(0).shape, axis.index());
  if (dtype == DType::float32) return plain_step_cumsum<float>(op, a, "float, plain loops");
  if (dtype == DType::int32) return plain_step_cumsum<uint32_t>(op, a, "int32, plain loops");
  if (dtype == DType::int64) return plain_step_cumsum<uint64_t>(op, a, "int64, plain loops");
  if (dtype != DType::int8)
    return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  NARROW_CHECK(form_for(kFormsNotInLiteRt[context.profile], dtype));
  return lower_int8_cumsum(op, a);
}

}  // namespace

constexpr AttributeField kCumsumFields[] = {
    field<&CumsumAttributes::exclusive>("exclusive"),
    field<&CumsumAttributes::reverse>("reverse"),
};
const AttributeType CumsumAttributes::kType = attribute_type<CumsumAttributes>("Cumsum", kCumsumFields);

// TFLM's int8 kernel counts the zero point in; there is no use in quantizing for it.
const OpDef kCumsum{.name = "CUMSUM",
                    .attributes = &CumsumAttributes::kType,
                    .arity = {.min_inputs = 2, .max_inputs = 2},
                    .quant = {.roles = {Role::activation, Role::index}},
                    .infer = infer_cumsum,
                    .lower = lower_cumsum};

}  // namespace narrow
