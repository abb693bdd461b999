#include <cmath>

#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/plain.h"

namespace narrow {
namespace {

/// Runtimes stop at a divisor of 0; integers give 0 here, floats what IEEE 754 says.
template <class T>
T floor_div(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(std::floor(static_cast<double>(a) / static_cast<double>(b)));
  } else {
    if (b == 0) return 0;
    if (b == T(-1)) return a == std::numeric_limits<T>::min() ? std::numeric_limits<T>::max() : static_cast<T>(-a);
    return static_cast<T>(a / b - (a % b != 0 && (a < 0) != (b < 0)));
  }
}

template <class T>
T floor_mod(T a, T b) {
  T rest = 0;
  if constexpr (std::is_floating_point_v<T>)
    rest = std::fmod(a, b);
  else if (b != 0 && b != T(-1))
    rest = static_cast<T>(a % b);
  return rest != 0 && (b < 0) != (rest < 0) ? static_cast<T>(rest + b) : rest;
}

Result<Step> lower_floored(const OpView& op, const LowerContext&) {
  return lower_each<float, int8_t, int16_t, int32_t, int64_t>(op, []<class T>(T a, T b) { return floor_div(a, b); });
}
Result<Step> lower_mod(const OpView& op, const LowerContext&) {
  return lower_each<float, int8_t, int16_t, int32_t, int64_t>(op, []<class T>(T a, T b) { return floor_mod(a, b); });
}

constexpr QuantRule kRuleFloorDiv{.roles = {Role::activation}};

}  // namespace

const OpDef kFloorDiv{.name = "FLOOR_DIV",
                      .arity = {.min_inputs = 2, .max_inputs = 2},
                      .quant = kRuleFloorDiv,
                      .infer = infer_broadcast,
                      .lower = lower_floored};

const OpDef kFloorMod{.name = "FLOOR_MOD",
                      .arity = {.min_inputs = 2, .max_inputs = 2},
                      .quant = kRuleFloorDiv,
                      .infer = infer_broadcast,
                      .lower = lower_mod};

}  // namespace narrow
