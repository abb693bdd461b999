#include <bit>

#include "graph/attribute_type.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/elementwise.h"
#include "ops/def/form.h"
#include "ops/integer/quantized.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/div.h"
}

namespace narrow {
namespace {

struct Over {
  float operator()(float a, float b) const { return a / b; }
  /// Runtimes stop at a divisor of 0, which gives 0 here.
  int64_t operator()(int64_t a, int64_t b) const {
    if (b == 0) return 0;
    if (b == -1) return a == std::numeric_limits<int64_t>::min() ? std::numeric_limits<int64_t>::max() : -a;
    return a / b;
  }
};

/// Sign bits of a 32-bit number of that magnitude beside the first.
int headroom(int64_t magnitude) {
  return std::countl_zero(static_cast<uint32_t>(magnitude)) - 1;
}

/// The right shift after the quotient must not be negative for any operands, nor beyond what rounding knows.
Status check_quotient_shift(const OpView& op, int shift) {
  int const least = headroom(reach(op.input(0))) - shift;
  int const most = 31 - std::countl_zero(static_cast<uint32_t>(reach(op.input(1)))) + 31 - shift;
  if (least >= 0 && most <= 62) return {};
  return fail(ErrorKind::unsupported, std::string("the result's scale is too ") + (least < 0 ? "small" : "large") +
                                          " for those of the operands; quotients leave 32 bits in the runtimes");
}

Result<Step> lower_integer_div(const OpView& op, Activation activation, Form form, const Kernel& kernel) {
  const Tensor &a = op.input(0), &b = op.input(1), &out = op.output();
  for (const Tensor* t : {&a, &b, &out}) NARROW_CHECK(check_quantized(*t));
  NARROW_TRY(Operands const o, operands_of(op));
  float const ratio = a.quantization.scale() / (b.quantization.scale() * out.quantization.scale());
  NARROW_TRY(Multiplier const m, multiplier_for(static_cast<double>(ratio), 0));
  NARROW_CHECK(check_quotient_shift(op, m.shift));
  NARROW_TRY(IntegerInterval const bounds, integer_interval(activation, out.dtype, out.quantization));
  nw_div_params const p{.shape = o.walk,
                        .a_zero_point = a.quantization.zero_point(),
                        .b_zero_point = b.quantization.zero_point(),
                        .multiplier = m.value,
                        .shift = m.shift,
                        .wraps = form == Form::reference,
                        .out_zero_point = out.quantization.zero_point(),
                        .out_min = bounds.lo,
                        .out_max = bounds.hi};
  return call_step(kernel_call(kernel, p, {operand(0), operand(1), result()}));
}

constexpr ByProfile<Forms> kFormsDiv{.tflm = {.int16 = Form::absent},
                                     .litert = {Form::reference, Form::reference},
                                     .xnnpack = {Form::reference, Form::reference}};

Result<Step> lower_div(const OpView& op, const LowerContext& context) {
  Activation const activation = op.attributes<DivAttributes>().activation;
  NARROW_TRY(DType const dtype, shared_dtype(op));
  Forms const& forms = kFormsDiv[context.profile];
  if (dtype == DType::int8) return lower_integer_div(op, activation, forms.int8, kDivI8);
  if (dtype != DType::int16) return lower_plain(op, activation, Over{});
  if (forms.int16 == Form::absent) return fail(ErrorKind::unsupported, "this runtime has no 16-bit kernel");
  return lower_integer_div(op, activation, forms.int16, kDivI16);
}

int version_div(const OpView& op) {
  return broadcasts_far(op) ? 2 : 1;
}

}  // namespace

constexpr AttributeField kDivFields[] = {
    field<&DivAttributes::activation>("activation"),
};
const AttributeType DivAttributes::kType = attribute_type<DivAttributes>("Div", kDivFields);

const OpDef kDiv{
    .name = "DIV",
    .attributes = &DivAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::activation},
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_broadcast,
    .lower = lower_div,
    .version = version_div,
};

}  // namespace narrow
