// Element-wise arithmetic, comparisons and choices.
#pragma once

#include <span>

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

/// ADD: element-wise sum with broadcasting.
struct AddAttributes {
  Activation activation = Activation::none;
  bool pot_scale_int16 = false;  // the format's old 16-bit form with power-of-two scales
  static const AttributeType kType;
};
extern const OpDef kAdd;

/// SUB: element-wise difference with broadcasting.
struct SubAttributes {
  Activation activation = Activation::none;
  bool pot_scale_int16 = false;  // the format's old 16-bit form with power-of-two scales
  static const AttributeType kType;
};
extern const OpDef kSub;

/// MUL: element-wise product with broadcasting.
struct MulAttributes {
  Activation activation = Activation::none;
  static const AttributeType kType;
};
extern const OpDef kMul;

/// DIV: element-wise quotient with broadcasting. Plain integers are cut towards zero.
struct DivAttributes {
  Activation activation = Activation::none;
  static const AttributeType kType;
};
extern const OpDef kDiv;

/// ADD_N: the sum of two or more operands of one shape.
extern const OpDef kAddN;

/// SQUARED_DIFFERENCE: (a - b)^2, with broadcasting.
extern const OpDef kSquaredDifference;

/// MAXIMUM and MINIMUM of two operands, with broadcasting.
extern const OpDef kMaximum;
extern const OpDef kMinimum;

/// POW: the first operand to the power of the second, with broadcasting. ATAN2: the angle of the point (second, first),
/// operands of one shape.
extern const OpDef kPow;
extern const OpDef kAtan2;

/// FLOOR_DIV and FLOOR_MOD: the quotient rounded down, and what it leaves, with the divisor's sign; with broadcasting.
extern const OpDef kFloorDiv;
extern const OpDef kFloorMod;

/// ABS: the magnitude.
extern const OpDef kAbs;

/// SQRT and RSQRT: the square root and its inverse.
extern const OpDef kRsqrt;
extern const OpDef kSqrt;

/// Functions of one element that runtimes compute on floats, and some on whole numbers, but on no quantized integers:
/// CEIL, COS and their kind, in alphabetical order. `find_op` finds one by its name.
std::span<const OpDef> float_functions();

/// EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL: two operands, with broadcasting, into truth values.
extern const OpDef kEqual;
extern const OpDef kNotEqual;
extern const OpDef kGreater;
extern const OpDef kGreaterEqual;
extern const OpDef kLess;
extern const OpDef kLessEqual;

/// LOGICAL_AND and LOGICAL_OR of two truth values, with broadcasting; LOGICAL_NOT of one.
extern const OpDef kLogicalAnd;
extern const OpDef kLogicalOr;
extern const OpDef kLogicalNot;

/// BITWISE_AND, BITWISE_OR, BITWISE_XOR, LEFT_SHIFT and RIGHT_SHIFT of integers, with broadcasting.
extern const OpDef kBitwiseAnd;
extern const OpDef kBitwiseOr;
extern const OpDef kBitwiseXor;
extern const OpDef kLeftShift;
extern const OpDef kRightShift;

/// SELECT and SELECT_V2: an element of operand 1 where operand 0 is true, else of operand 2. SELECT_V2 broadcasts all
/// three; SELECT takes operands 1 and 2 of one shape and a condition of that shape, of one value, or one value for each
/// index of the first dimension.
extern const OpDef kSelect;
extern const OpDef kSelectV2;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kArithmeticOps[] = {
    &kAbs,          &kAdd,       &kAddN,    &kAtan2,     &kBitwiseAnd, &kBitwiseOr,
    &kBitwiseXor,   &kDiv,       &kEqual,   &kFloorDiv,  &kFloorMod,   &kGreater,
    &kGreaterEqual, &kLeftShift, &kLess,    &kLessEqual, &kLogicalAnd, &kLogicalNot,
    &kLogicalOr,    &kMaximum,   &kMinimum, &kMul,       &kNotEqual,   &kPow,
    &kRightShift,   &kRsqrt,     &kSelect,  &kSelectV2,  &kSqrt,       &kSquaredDifference,
    &kSub};

}  // namespace narrow
