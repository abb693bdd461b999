#include <algorithm>
#include <cmath>

#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/plain.h"

namespace narrow {
namespace {

/// Integers saturate. Runtimes stop at a negative exponent; the power is cut to an integer here, 0 to it is 0.
template <class T>
T power(T base, T exponent) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::pow(base, exponent);
  } else {
    if (base == 0 && exponent < 0) return 0;
    double const value = std::pow(static_cast<double>(base), static_cast<double>(exponent));
    double const lo = std::numeric_limits<T>::min(), hi = std::numeric_limits<T>::max();
    return static_cast<T>(std::clamp(value, lo, hi));
  }
}

Result<Step> lower_pow(const OpView& op, const LowerContext&) {
  return lower_each<float, int32_t>(op, []<class T>(T a, T b) { return power(a, b); });
}

Result<std::vector<Shape>> infer_atan2(const OpView& op) {
  if (op.input(0).shape != op.input(1).shape)
    return fail(ErrorKind::bad_file,
                "shapes " + op.input(0).shape.text() + " and " + op.input(1).shape.text() + " differ");
  return std::vector{op.input(0).shape};
}

Result<Step> lower_atan2(const OpView& op, const LowerContext&) {
  return lower_each<float>(op, [](float y, float x) { return std::atan2(y, x); });
}

constexpr QuantRule kRulePow{.roles = {Role::activation}};

}  // namespace

const OpDef kPow{.name = "POW",
                 .arity = {.min_inputs = 2, .max_inputs = 2},
                 .quant = kRulePow,
                 .infer = infer_broadcast,
                 .lower = lower_pow};

const OpDef kAtan2{.name = "ATAN2",
                   .arity = {.min_inputs = 2, .max_inputs = 2},
                   .quant = kRulePow,
                   .infer = infer_atan2,
                   .lower = lower_atan2};

}  // namespace narrow
