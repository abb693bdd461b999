// Profile: which rounding and which tables a runtime uses, op by op, as data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace narrow {

/// How an accumulator becomes an output; docs/arithmetic.md derives each.
enum class Rounding : uint8_t {
  refused,      // nobody has verified what the runtime does
  double_away,  // 31-bit multiplier, two roundings, second with ties away from zero
  double_up,    // the same, both with ties up
  single,       // 31-bit multiplier, one rounding, ties up
  wide,         // 64-bit accumulator, 16-bit multiplier, one rounding, ties up
  float32,      // float32 product, ties to even
  float64,      // double product, ties away from zero
};

/// A runtime's choices.
struct Profile {
  const char* name;
};

/// All profiles, the default first: narrow, tflm, litert, xnnpack.
std::span<const Profile> all_profiles();

/// The profile of that name, or null.
const Profile* find_profile(std::string_view name);

}  // namespace narrow
