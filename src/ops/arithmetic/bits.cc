#include <algorithm>

#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/plain.h"

namespace narrow {
namespace {

template <class F>
Result<Step> lower_bits(const OpView& op, F f) {
  return lower_each<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t>(op, f);
}

Result<Step> lower_xor(const OpView& op, const LowerContext&) {
  return lower_bits(op, []<class T>(T a, T b) { return static_cast<T>(a ^ b); });
}

Result<Step> lower_and(const OpView& op, const LowerContext&) {
  return lower_bits(op, []<class T>(T a, T b) { return static_cast<T>(a & b); });
}

Result<Step> lower_or(const OpView& op, const LowerContext&) {
  return lower_bits(op, []<class T>(T a, T b) { return static_cast<T>(a | b); });
}

/// Bits that leave the width on the left are gone; counts below 0 shift by none, those beyond the width by all bits.
Result<Step> lower_left_shift(const OpView& op, const LowerContext&) {
  return lower_bits(op, []<class T>(T v, T count) {
    constexpr int64_t kWidth = 8 * sizeof(T);
    int64_t const by = std::clamp<int64_t>(static_cast<int64_t>(count), 0, kWidth);
    return by == kWidth ? T{} : static_cast<T>(static_cast<uint64_t>(v) << by);
  });
}

/// The sign moves in from the left; counts below 0 shift by none, those beyond the width by all bits but one.
Result<Step> lower_shift(const OpView& op, const LowerContext&) {
  return lower_bits(op, []<class T>(T v, T count) {
    constexpr int64_t kMost = 8 * sizeof(T) - 1;
    return static_cast<T>(v >> std::clamp<int64_t>(static_cast<int64_t>(count), 0, kMost));
  });
}

/// Of ops that the .tflite format lacks.
constexpr QuantRule kRuleOwnBits{.roles = {Role::index},
                                 .output8 = ScaleRule::none,
                                 .output16 = ScaleRule::none,
                                 .versions = {.int8 = 1, .int16 = 1}};

constexpr QuantRule kRuleBits{.roles = {Role::index}, .output8 = ScaleRule::none, .output16 = ScaleRule::none};

}  // namespace

const OpDef kBitwiseAnd{.name = "BITWISE_AND",
                        .arity = {.min_inputs = 2, .max_inputs = 2},
                        .quant = kRuleOwnBits,
                        .infer = infer_broadcast,
                        .lower = lower_and};

const OpDef kBitwiseOr{.name = "BITWISE_OR",
                       .arity = {.min_inputs = 2, .max_inputs = 2},
                       .quant = kRuleOwnBits,
                       .infer = infer_broadcast,
                       .lower = lower_or};

const OpDef kLeftShift{.name = "LEFT_SHIFT",
                       .arity = {.min_inputs = 2, .max_inputs = 2},
                       .quant = kRuleOwnBits,
                       .infer = infer_broadcast,
                       .lower = lower_left_shift};

const OpDef kBitwiseXor{.name = "BITWISE_XOR",
                        .arity = {.min_inputs = 2, .max_inputs = 2},
                        .quant = kRuleBits,
                        .infer = infer_broadcast,
                        .lower = lower_xor};

const OpDef kRightShift{.name = "RIGHT_SHIFT",
                        .arity = {.min_inputs = 2, .max_inputs = 2},
                        .quant = kRuleBits,
                        .infer = infer_broadcast,
                        .lower = lower_shift};

}  // namespace narrow
