// QuantRule: what a quantizer must know of an op, as data in the op's own file.
// Source: TFLite's 8-bit quantization specification and the kernels' own checks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>

namespace narrow {

/// What an operand is to a quantizer.
enum class Role : uint8_t {
  activation,  // takes the activation width, constants included
  weight,      // takes the weight width, symmetric
  bias,        // scale = input scale * weight scale
  index,       // axes, shapes, paddings: never quantized
  state,       // a variable tensor that the op reads and writes; keeps its value, and so its scale, from run to run
};

/// The roles of an op's operands in order. Operands from the last listed on share its role.
class Roles {
 public:
  static constexpr size_t kMost = 32;  // listed; an LSTM has 24

  constexpr Roles() : Roles({Role::activation}) {}
  constexpr Roles(std::initializer_list<Role> roles) : size_(roles.size()) {
    size_t i = 0;
    for (Role role : roles) listed_[i++] = role;
  }

  constexpr Role operator[](size_t operand) const { return listed_[operand < size_ ? operand : size_ - 1]; }
  constexpr const Role* begin() const { return listed_.data(); }
  constexpr const Role* end() const { return begin() + size_; }

  /// The first operand listed with that role; nothing where there is none.
  constexpr std::optional<size_t> find(Role role) const {
    for (size_t i = 0; i < size_; ++i)
      if (listed_[i] == role) return i;
    return std::nullopt;
  }

 private:
  std::array<Role, kMost> listed_{};
  size_t size_;
};

/// Where the scale and zero point of the results come from.
enum class ScaleRule : uint8_t {
  free,              // from the result's own range
  same,              // the activation operands', which are brought to one
  inputs_as_output,  // all activation operands are brought to the result's
  fixed,             // QuantRule::fixed8 / fixed16
  none,              // results are not quantized values (SHAPE)
};

/// What an op makes of operand values that lie far beyond all others, such as the -1e9 of a mask or the -inf of a pad.
/// Ops whose results lie among their operands' values on one scale need no statement: they pass such values on.
enum class FarValues : uint8_t {
  matter,      // nothing is known: every value counts
  softmax,     // exp(distance from the largest value of the row), which rounds to zero
  largest,     // only the largest values count
  smallest,    // only the smallest values count
  sum,         // operand 0 + operand 1
  difference,  // operand 0 - operand 1
  product,     // operand 0 * operand 1
};

/// Whose scale is meant, of an op's operands, results, and values inside of it.
struct ScaleOf {
  enum class Kind : uint8_t { operand, result, inside };
  Kind kind = Kind::operand;
  uint8_t index = 0;
};

/// What becomes of an operand of an op that is not one layer but several, such as an LSTM: each of its constants has
/// one scale, or one for each row, and zero point 0.
struct OperandPart {
  enum class Kind : uint8_t {
    weights,  // int8: meet values on the scale `of`; those of the first result are of the step before
    factors,  // int16: meet values of 16 bits one by one
    summed,   // int16: meet values on the scale `of`, of 16 bits too, in sums with the bias that stay in 32 bits
    bias,     // int32, int64 beside 16-bit data: on the scale `of` times that of the weights
    state,    // takes the parameters `of`; where it is left out, a constant of zeros does, with which samples begin
    begin,    // a variable takes the parameters `of`; any other tensor is data, with which samples begin
  };
  Kind kind = Kind::weights;
  uint8_t operand = 0;
  const char* name = "";  // in C, behind that of the op
  ScaleOf of{};
  uint8_t weights = 0;  // of a bias: the operand to whose sums it is added; those of its last rows where it is shorter
  uint8_t factors = 0;  // of a bias: factors which, where they are there, it is added behind, in 2^-10 of their steps
  bool by_row = false;  // of weights: each row has a scale of its own
  bool as_result = false;  // of `begin`: the values also take the parameters of the first result, on their way in
};

/// A value inside of an op, which Op::intermediates lists.
struct Inside {
  enum class Params : uint8_t {
    none,          // it needs none
    symmetric,     // zero point 0, in the width of the data; where the op does not have it, the first result's
    symmetric_16,  // zero point 0, 16 bits; where the op does not have it, another's of this kind
    power_of_two,  // 16 bits, in Qm.n
  };
  Params params = Params::none;
  float least_scale = 0;  // of power_of_two
  bool listed = true;     // false: formats do not list it
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
  int int8_int4 = 0;   // int8 activations with 4-bit weights; 0: the format's runtimes have no such form
  int int16_int4 = 0;  // likewise int16 activations
  int dynamic = 0;     // 0: the runtime has no kernel that takes float activations with integer weights
};

struct QuantRule {
  bool int8 = false;           // an int8 form exists
  bool int16 = false;          // an int16 form exists
  bool forms_missing = false;  // the op could have forms with integers, also of weights alone, that narrow lacks
  Roles roles{};
  ScaleRule output8 = ScaleRule::free;
  ScaleRule output16 = ScaleRule::free;
  FixedScale fixed8{};
  FixedScale fixed16{};
  int weight_axis = 0;  // dimension of the weight operand that has a scale of its own for each index
  std::span<const OperandPart> parts =
      {};  // all operands but activations, for an op that is several layers; empty: it is not
  std::span<const Inside> inside = {};  // values inside of the op that matter for its scales
  bool any_widths = false;   // of an op with `parts`: it also has forms beside those of TFLite, as single layers have
  bool rounds_once = false;  // of such an op: all its forms round once, ties up
  Versions versions{};
  int dynamic_operand = -1;         // may be integers where data is float, for ops without Role::weight; -1: none
  bool dynamic_per_tensor = false;  // that operand has one scale, as it has no axis that all its readers agree on
  bool leaves_range = false;        // results on the operands' scale may lie beyond the operands' values (SUM)
  bool clamps = false;              // operand values beyond the result's range act as its nearer end does
  bool rounds_by_rule = false;      // a form exists whose result one rounding of any rule gives
  FarValues far = FarValues::matter;
  float (*operand_of_result)(float result) = nullptr;  // the inverse of a function that is steep near zero
  bool fixed_is_unsigned = false;  // fixed8 serves results in [0, 1), which Qm.n holds as 2^-7 with zero point 0

  Role role(size_t operand) const { return roles[operand]; }
  ScaleRule output(int bits) const { return bits == 8 ? output8 : output16; }
  /// Whether results lie among the values of the operands, as those of RESHAPE, CONCATENATION and MAXIMUM do.
  bool results_are_operand_values() const {
    return (output16 == ScaleRule::same || output16 == ScaleRule::inputs_as_output) && !leaves_range;
  }
  const FixedScale& fixed(int bits) const { return bits == 8 ? fixed8 : fixed16; }
  /// The same in Qm.n.
  FixedScale fixed_power_of_two(int bits) const {
    return bits == 8 && fixed_is_unsigned ? FixedScale{0x1p-7f, 0} : fixed(bits);
  }
};

/// The rule of an op with forms of both widths whose results lie among the values of its operands, on their scale.
constexpr QuantRule moving_rule(const Roles& roles, const Versions& versions) {
  return {.int8 = true,
          .int16 = true,
          .roles = roles,
          .output8 = ScaleRule::same,
          .output16 = ScaleRule::same,
          .versions = versions};
}

/// Likewise for an op that puts several operands together, on the scale of the result.
constexpr QuantRule joining_rule(const Roles& roles, const Versions& versions) {
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
