// What LOGISTIC and TANH share: the integer kernels differ in the function alone.
#pragma once

#include "ops/arithmetic/unary.h"
#include "ops/integer/tables.h"
#include "rows/activations.h"

namespace narrow {

/// One of the two functions.
struct Squash {
  FixedScale out8{};
  FixedScale out16{1.0f / 32768, 0};
  bool in_q7 = false;      // Qm.n has results in [0, 1) as 2^-7 with zero point 0 beside out8
  int most_doublings = 0;  // 16 bits: input scales 2^-12 to 2^(most_doublings - 12) are exact
  void (*real)(const float* in, float* out, int64_t n) = nullptr;
  double (*exact)(double) = nullptr;
  float (*litert)(float) = nullptr;
  float (*xnnpack)(float) = nullptr;
  const Kernel* fixed8 = nullptr;
  const Kernel* table16 = nullptr;
  const Kernel* fixed16 = nullptr;
};

/// The step of either function under a profile.
Result<Step> lower_squash(const OpView& op, const ProfileDef& profile, const Squash& squash);

/// Fixed scales for results, the same versions for both.
constexpr QuantRule squash_rule(const Squash& squash) {
  return {.int8 = true,
          .int16 = true,
          .roles = {Role::activation},
          .output8 = ScaleRule::fixed,
          .output16 = ScaleRule::fixed,
          .fixed8 = squash.out8,
          .fixed16 = squash.out16,
          .versions = {.int8 = 2, .int16 = 3},
          .fixed_is_unsigned = squash.in_q7};
}

}  // namespace narrow
