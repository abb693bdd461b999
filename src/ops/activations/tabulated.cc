#include "ops/activations/tabulated.h"

#include <cmath>
#include <numbers>

#include "graph/attribute_type.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/attributes.h"
#include "ops/def/form.h"
#include "ops/integer/own_arithmetic.h"
#include "rows/activations.h"

extern "C" {
#include "portable/activations/table.h"
}

namespace narrow {
namespace {

using RealFunction = std::function<float(float)>;

struct Tabulated {
  const char* name;
  QuantRule quant;
  ByProfile<Forms> forms;
  /// What the op computes; for results that are integers, what its table is made of.
  RealFunction (*function)(const OpView& op, Form form);
};

Step float_step_tabulated(const OpView& op, const RealFunction& f) {
  auto run = [n = count_of(op), f](const float* in, float* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = f(in[i]);
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

Step table_step_of(const OpView& op, const Kernel& kernel, ConstantArray table) {
  nw_table_params p{};
  p.count = count_of(op);
  KernelCall call = kernel_call(kernel, p, {array(0), operand(0), result()});
  call.arrays.push_back(std::move(table));
  return call_step(std::move(call));
}

template <const Tabulated& kOp>
Result<Step> lower_tabulated(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) return float_step_tabulated(op, kOp.function(op, Form::reference));
  if (dtype == DType::int16 && !kOp.quant.int16) return fail(ErrorKind::unsupported, "no runtime computes it on int16");
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_quantized(op.output()));
  NARROW_TRY(Form const form, form_for(kOp.forms[context.profile], dtype));
  const Quantization& x = op.input(0).quantization;
  const Quantization& y = op.output().quantization;
  RealFunction const f = kOp.function(op, form);
  if (const Arithmetic* own = own_arithmetic(op, context.profile); own && dtype == DType::int8) {
    auto const exact = [&](double v) { return static_cast<double>(f(static_cast<float>(v))); };
    return table_step(op, exact, own->rounding);
  }
  if (dtype == DType::int16) return table_step(op, interpolation_table16<float>(x.scale(), 0, y.scale(), 0, f));
  Affine const in{x.scale(), x.zero_point()}, out{y.scale(), y.zero_point()};
  return table_step(op, form == Form::delegate ? xnnpack_table8(in, out, f) : litert_table8(in, out, f));
}

template <const Tabulated& kOp>
constexpr OpDef define(const AttributeType* attributes = nullptr) {
  return {.name = kOp.name,
          .attributes = attributes,
          .arity = {},
          .quant = kOp.quant,
          .infer = infer_unary,
          .lower = lower_tabulated<kOp>};
}

constexpr QuantRule quant_rule_tabulated(bool int16, int version) {
  return {.int8 = true, .int16 = int16, .roles = {Role::activation}, .versions = {.int8 = version, .int16 = version}};
}

constexpr ByProfile<Forms> kFormsElu{.litert = {.int8 = Form::reference}, .xnnpack = {.int8 = Form::delegate}};

// TFLM subtracts 1 from the exponential; LiteRT takes expm1.
constexpr Tabulated kEluOp{"ELU", quant_rule_tabulated(false, 1), kFormsElu,
                           [](const OpView&, Form form) -> RealFunction {
                             if (form == Form::fixed) return [](float x) { return x < 0 ? std::exp(x) - 1.0f : x; };
                             return [](float x) { return x < 0 ? std::expm1(x) : x; };
                           }};

constexpr Tabulated kExpOp{"EXP", quant_rule_tabulated(true, 2), kFormsNotInTflm,
                           [](const OpView&, Form) -> RealFunction { return [](float x) { return std::exp(x); }; }};

constexpr float kRootHalf = std::numbers::sqrt2_v<float> / 2;
constexpr auto kRootTwoOverPi = static_cast<float>(std::numbers::sqrt2 * std::numbers::inv_sqrtpi);

constexpr Tabulated kGeluOp{
    "GELU", quant_rule_tabulated(true, 2), kFormsNotInTflm, [](const OpView& op, Form) -> RealFunction {
      if (!op.attributes<GeluAttributes>().approximate)
        return [](float x) { return 0.5f * x * std::erfc(x * -kRootHalf); };
      return [](float x) { return 0.5f * x * (1.0f + std::tanh(kRootTwoOverPi * (x + 0.044715f * x * x * x))); };
    }};

// What has no logarithm becomes the smallest integer.
constexpr Tabulated kLogOp{"LOG", quant_rule_tabulated(true, 2), kFormsNotInTflm,
                           [](const OpView& op, Form) -> RealFunction {
                             const Tensor& y = op.output();
                             if (y.dtype == DType::float32) return [](float x) { return std::log(x); };
                             int32_t const steps = integer_range(y.dtype).lo - y.quantization.zero_point();
                             float const lowest = static_cast<float>(steps) * y.quantization.scale();
                             return [lowest](float x) { return x > 0 ? std::log(x) : lowest; };
                           }};

}  // namespace

Step table_step(const OpView& op, const Table8& table) {
  return table_step_of(op, kTableI8, constant_array("table", ElementType::i8, table));
}

Step table_step(const OpView& op, const std::function<double(double)>& f, RoundingRule rule) {
  const Quantization &x = op.input(0).quantization, &y = op.output().quantization;
  return table_step(op, table_by_rule({x.scale(), x.zero_point()}, {y.scale(), y.zero_point()}, f, rule));
}

Step table_step(const OpView& op, const std::array<uint8_t, 256>& table) {
  return table_step_of(op, kTableU8, constant_array("table", ElementType::u8, table));
}

Step table_step(const OpView& op, const Table16& table) {
  return table_step_of(op, kTableI16, constant_array("table", ElementType::i16, table));
}

constexpr AttributeField kGeluFields[] = {
    field<&GeluAttributes::approximate>("approximate"),
};
const AttributeType GeluAttributes::kType = attribute_type<GeluAttributes>("Gelu", kGeluFields);

const OpDef kElu = define<kEluOp>();
const OpDef kExp = define<kExpOp>();
const OpDef kGelu = define<kGeluOp>(&GeluAttributes::kType);
const OpDef kLog = define<kLogOp>();

}  // namespace narrow
