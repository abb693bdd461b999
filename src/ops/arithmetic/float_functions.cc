#include <array>
#include <cmath>
#include <utility>

#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"

namespace narrow {
namespace {

/// One function of one element. A row of kFunctions makes it an op.
struct Function {
  const char* name;
  float (*real)(float);
  int64_t (*whole)(int64_t) = nullptr;  // of magnitudes up to 2^63; null where floats are all that runtimes take
};

constexpr Function kFunctions[] = {
    {"ACOS", [](float x) { return std::acos(x); }},
    {"ACOSH", [](float x) { return std::acosh(x); }},
    {"ASIN", [](float x) { return std::asin(x); }},
    {"ASINH", [](float x) { return std::asinh(x); }},
    {"ATAN", [](float x) { return std::atan(x); }},
    {"ATANH", [](float x) { return std::atanh(x); }},
    {"CEIL", [](float x) { return std::ceil(x); }},
    {"COS", [](float x) { return std::cos(x); }},
    {"COSH", [](float x) { return std::cosh(x); }},
    {"ERF", [](float x) { return std::erf(x); }},
    {"FLOOR", [](float x) { return std::floor(x); }},
    // The smallest number is its own opposite. LiteRT negates the stored integers, whatever their scale and zero point.
    {"NEG", [](float x) { return -x; }, [](int64_t v) { return static_cast<int64_t>(-static_cast<uint64_t>(v)); }},
    {"ROUND", [](float x) { return std::nearbyint(x); }},  // half to even
    {"SIGN", [](float x) { return std::isnan(x) ? x : static_cast<float>((x > 0) - (x < 0)); },
     [](int64_t v) { return int64_t{(v > 0) - (v < 0)}; }},
    {"SIN", [](float x) { return std::sin(x); }},
    {"SINH", [](float x) { return std::sinh(x); }},
    {"SQUARE", [](float x) { return x * x; }},
    {"TAN", [](float x) { return std::tan(x); }},
};

template <class T>
Step whole_step(const OpView& op, int64_t (*f)(int64_t)) {
  auto run = [n = count_of(op), f](const T* in, T* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = static_cast<T>(f(int64_t{in[i]}));
  };
  return unary_step<T, T>(op, run, "integer, plain loops", true);
}

template <size_t kRow>
Result<Step> lower_float_functions(const OpView& op, const LowerContext& context) {
  constexpr const Function& kFunction = kFunctions[kRow];
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype == DType::float32) {
    auto run = [n = count_of(op)](const float* in, float* out) {
      for (int32_t i = 0; i < n; ++i) out[i] = kFunction.real(in[i]);
    };
    return unary_step<float, float>(op, run, "float, plain loops", true);
  }
  if (kFunction.whole != nullptr) {
    if (dtype == DType::int32) return whole_step<int32_t>(op, kFunction.whole);
    if (dtype == DType::int64) return whole_step<int64_t>(op, kFunction.whole);
    NARROW_CHECK(form_for(kFormsNotInTflm[context.profile], dtype));
    if (dtype == DType::int16) return whole_step<int16_t>(op, kFunction.whole);
    if (dtype == DType::int8) return whole_step<int8_t>(op, kFunction.whole);
  }
  return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
}

template <size_t... kRows>
constexpr std::array<OpDef, sizeof...(kRows)> define(std::index_sequence<kRows...>) {
  return {OpDef{.name = kFunctions[kRows].name,
                .arity = {},
                .quant = {.versions = {.int8 = 1, .int16 = 1}},
                .infer = infer_unary,
                .lower = lower_float_functions<kRows>}...};
}

constexpr auto kFunctionOps = define(std::make_index_sequence<std::size(kFunctions)>());

}  // namespace

std::span<const OpDef> float_functions() {
  return kFunctionOps;
}

}  // namespace narrow
