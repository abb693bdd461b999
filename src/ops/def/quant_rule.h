// QuantRule: what a quantizer must know of an op, as data in the op's own file.
// Source: TFLite's 8-bit quantization specification and the kernels' own checks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace narrow {

/// What an operand is to a quantizer.
enum class Role : uint8_t {
  activation,  // takes the activation width, constants included
  weight,      // takes the weight width, symmetric
  bias,        // scale = input scale * weight scale
  index,       // axes, shapes, paddings: never quantized
};

/// Where the scale and zero point of the results come from.
enum class ScaleRule : uint8_t {
  free,              // from the result's own range
  same,              // the activation operands', which are brought to one
  inputs_as_output,  // all activation operands are brought to the result's
  fixed,             // QuantRule::fixed8 / fixed16
  none,              // results are not quantized values (SHAPE)
};

struct FixedScale {
  float scale = 0;
  int32_t zero_point = 0;
};

/// Operator versions that the format asks for, by what the op computes with.
struct Versions {
  int float32 = 1;
  int int8 = 2;
  int int16 = 2;
  int dynamic = 0;  // 0: the runtime has no kernel that takes float activations with integer weights
};

struct QuantRule {
  bool int8 = false;            // an int8 form exists
  bool int16 = false;           // an int16 form exists
  std::array<Role, 6> roles{};  // of operand i; operands from the last listed on share its role
  size_t role_count = 1;
  ScaleRule output8 = ScaleRule::free;
  ScaleRule output16 = ScaleRule::free;
  FixedScale fixed8{};
  FixedScale fixed16{};
  int weight_axis = 0;  // dimension of the weight operand that has a scale of its own for each index
  Versions versions{};
  bool clamps = false;             // operand values beyond the result's range act as its nearer end does
  bool rounds_by_rule = false;     // a form exists whose result one rounding of any rule gives
  bool fixed_is_unsigned = false;  // fixed8 serves results in [0, 1), which Qm.n holds as 2^-7 with zero point 0

  Role role(size_t operand) const { return roles[operand < role_count ? operand : role_count - 1]; }
  ScaleRule output(int bits) const { return bits == 8 ? output8 : output16; }
  const FixedScale& fixed(int bits) const { return bits == 8 ? fixed8 : fixed16; }
  /// The same in Qm.n.
  FixedScale fixed_power_of_two(int bits) const {
    return bits == 8 && fixed_is_unsigned ? FixedScale{0x1p-7f, 0} : fixed(bits);
  }
};

/// The rule of an op with forms of both widths whose results lie among the values of its operands, on their scale.
constexpr QuantRule moving_rule(std::initializer_list<Role> roles, const Versions& versions) {
  QuantRule rule{.int8 = true,
                 .int16 = true,
                 .role_count = roles.size(),
                 .output8 = ScaleRule::same,
                 .output16 = ScaleRule::same,
                 .versions = versions};
  size_t i = 0;
  for (Role role : roles) rule.roles[i++] = role;
  return rule;
}

/// Likewise for an op that puts several operands together, on the scale of the result.
constexpr QuantRule joining_rule(std::initializer_list<Role> roles, const Versions& versions) {
  QuantRule rule = moving_rule(roles, versions);
  rule.output8 = rule.output16 = ScaleRule::inputs_as_output;
  return rule;
}

/// The rule with `clamps`.
constexpr QuantRule clamping(QuantRule rule) {
  rule.clamps = true;
  return rule;
}

}  // namespace narrow
