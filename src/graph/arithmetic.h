// Arithmetic: what the types and scales of an op do not say about how it computes in integers.
#pragma once

#include <array>
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

/// The rules by the names of --rounding and of the file; indexed by RoundingRule.
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

/// Said by an op of the model itself (metadata `narrow.arithmetic`). An op that says nothing means what TFLite's rules
/// say for its types.
struct Arithmetic {
  RoundingRule rounding = RoundingRule::twice;
  int accumulator_bits = 32;  // 32 or 64, of layers
  bool operator==(const Arithmetic&) const = default;
};

}  // namespace narrow
