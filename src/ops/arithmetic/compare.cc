#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/plain.h"
#include "ops/def/form.h"
#include "ops/integer/quantized.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/compare.h"
}

namespace narrow {
namespace {

constexpr int kUnordered = NW_GREATER << 1;  // one of two floats is not a number

/// What a relation accepts, a sum of NW_LESS, NW_SAME, NW_GREATER and kUnordered; and whether it asks for order.
struct Relation {
  int accepts = 0;
  bool ordered = false;
};

/// The kernel that compares stored integers of that type; null for others.
const Kernel* relate_kernel(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return &kRelateI8;
    case DType::uint8:
      return &kRelateU8;
    case DType::int16:
      return &kRelateI16;
    case DType::int32:
      return &kRelateI32;
    case DType::int64:
      return &kRelateI64;
    default:
      return nullptr;
  }
}

Result<Step> lower_raw(const OpView& op, int accepts) {
  NARROW_TRY(Operands const o, operands_of(op));
  if (const Kernel* const kernel = relate_kernel(op.input(0).dtype); kernel && o.out_advance > 0) {
    nw_relate_params const p{o.walk, accepts & ~kUnordered};
    return call_step(kernel_call(*kernel, p, {operand(0), operand(1), result()}));
  }
  auto holds = [accepts](auto a, auto b) {
    int const found = a < b ? NW_LESS : a > b ? NW_GREATER : a == b ? NW_SAME : kUnordered;
    return Truth((accepts & found) != 0);
  };
  return lower_each<float, int8_t, uint8_t, int16_t, int32_t, int64_t, uint32_t, Truth>(op, holds);
}

Result<nw_scaled_input> scaled_input(const Tensor& t) {
  NARROW_CHECK(check_quantized(t));
  Multiplier const m = quantize_multiplier(static_cast<double>(t.quantization.scale()));
  if (m.shift > 0)
    return fail(ErrorKind::unsupported, "'" + t.name + "' has scale " + std::to_string(t.quantization.scale()) +
                                            "; the runtimes compare below 1 only");
  return nw_scaled_input{t.quantization.zero_point(), m.value, m.shift};
}

Result<Step> lower_scaled(const OpView& op, int accepts, const Kernel& kernel) {
  NARROW_TRY(Operands const o, operands_of(op));
  nw_compare_params p{.shape = o.walk, .a = {}, .b = {}, .accepts = accepts & ~kUnordered};
  NARROW_TRY(p.a, scaled_input(op.input(0)));
  NARROW_TRY(p.b, scaled_input(op.input(1)));
  return call_step(kernel_call(kernel, p, {operand(0), operand(1), result()}));
}

// On 16 bits. TFLM's kernels of GREATER and EQUAL leave the scales of the operands unset; `reference`: stored integers
// are compared, whatever their scales.
constexpr ByProfile<Form> kForms16Equality{.tflm = Form::absent};
constexpr ByProfile<Form> kForms16Order{.tflm = Form::absent, .litert = Form::reference, .xnnpack = Form::reference};

Result<Step> lower_compare(const OpView& op, const LowerContext& context, Relation relation) {
  const Tensor &a = op.input(0), &b = op.input(1);
  if (op.output().dtype != DType::boolean || a.dtype != b.dtype)
    return fail(ErrorKind::unsupported, std::string("operands of ") + to_string(a.dtype) + " and " +
                                            to_string(b.dtype) + " with a result of " + to_string(op.output().dtype));
  bool const scaled = a.quantization.present() || b.quantization.present();
  if (!scaled || a.is_float()) return lower_raw(op, relation.accepts);
  if (a.dtype == DType::int8) return lower_scaled(op, relation.accepts, kCompareI8);
  if (a.dtype != DType::int16)
    return fail(ErrorKind::unsupported, std::string("operands of ") + to_string(a.dtype) + " with scales");
  Form const form = (relation.ordered ? kForms16Order : kForms16Equality)[context.profile];
  if (form == Form::absent) return fail(ErrorKind::unsupported, "this runtime does not compare 16-bit values");
  // Of the runtimes only LiteRT orders 16-bit values, as they are stored; so does narrow where that is right, as
  // scaling merges values that are near each other.
  bool const as_stored = form == Form::reference || (relation.ordered && a.quantization == b.quantization);
  if (as_stored) return lower_raw(op, relation.accepts);
  return lower_scaled(op, relation.accepts, kCompareI16);
}

template <int kAccepts, bool kOrdered>
Result<Step> lower_relation(const OpView& op, const LowerContext& context) {
  return lower_compare(op, context, {kAccepts, kOrdered});
}

/// LiteRT orders 16-bit values without looking at their scales: they have to be the same.
constexpr OpDef relation(const char* name, Result<Step> (*lower_compare)(const OpView&, const LowerContext&),
                         bool ordered, int int16_version) {
  return {.name = name,
          .arity = {.min_inputs = 2, .max_inputs = 2},
          .quant = {.int8 = true,
                    .int16 = true,
                    .roles = {Role::activation, Role::activation},
                    .output8 = ScaleRule::none,
                    .output16 = ordered ? ScaleRule::same : ScaleRule::none,
                    .versions = {.int8 = 2, .int16 = int16_version}},
          .infer = infer_broadcast,
          .lower = lower_compare};
}

}  // namespace

const OpDef kEqual = relation("EQUAL", lower_relation<NW_SAME, false>, false, 4);
const OpDef kNotEqual = relation("NOT_EQUAL", lower_relation<NW_LESS | NW_GREATER | kUnordered, false>, false, 4);
const OpDef kGreater = relation("GREATER", lower_relation<NW_GREATER, true>, true, 2);
const OpDef kGreaterEqual = relation("GREATER_EQUAL", lower_relation<NW_GREATER | NW_SAME, true>, true, 3);
const OpDef kLess = relation("LESS", lower_relation<NW_LESS, true>, true, 3);
const OpDef kLessEqual = relation("LESS_EQUAL", lower_relation<NW_LESS | NW_SAME, true>, true, 2);

}  // namespace narrow
