// RoundingRule: how a layer's sums become integers of its result.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace narrow {

/// How an exact value between two integers becomes one of them. Numbered as in kernels/nw_requantize.h.
enum class RoundingRule : uint8_t {
  twice,      // high multiply with ties up, then a shift with ties away from zero: TFLM's
  half_up,    // nearest, ties up: CMSIS-NN's q7 shifts
  truncate,   // the next lower: an arithmetic shift
  half_even,  // nearest, ties to even
  half_away,  // nearest, ties away from zero
};

/// The rules' names, as model files and recipes have them; indexed by RoundingRule.
inline constexpr std::array<const char*, 5> kRoundingNames{"double", "half-up", "truncate", "half-even", "half-away"};

inline const char* to_string(RoundingRule rule) {
  return kRoundingNames[static_cast<size_t>(rule)];
}

/// The rule of that name, or nothing.
inline std::optional<RoundingRule> rounding_rule(std::string_view name) {
  for (size_t i = 0; i < kRoundingNames.size(); ++i)
    if (name == kRoundingNames[i]) return static_cast<RoundingRule>(i);
  return std::nullopt;
}

}  // namespace narrow
