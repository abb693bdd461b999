// Kernels of the element-wise ops of two and more operands.
#pragma once

#include "rows/kernel.h"

namespace narrow {

/// ADD and SUB, of arguments (a, b, out). Parameters: nw_add_params. "Optimized" is what LiteRT's default interpreter
/// computes for operands of one shape.
extern const Kernel kAddI8, kAddI16, kAddJointI8, kAddByRuleI8, kAddByRuleI16, kAddOptimizedI8, kAddOptimizedI16,
    kHeliumAddI8;

/// MUL, of arguments (a, b, out). Parameters: nw_mul_params; host::MulFloatParams of XNNPACK's float32 product.
extern const Kernel kMulI8, kMulI16, kMulByRuleI8, kMulByRuleI16, kMulOnceI8, kMulFloatI8;

/// ADD_N, of arguments (operands, out). Parameters: nw_add_n_params.
extern const Kernel kAddNI8;

/// DIV, of arguments (a, b, out). Parameters: nw_div_params.
extern const Kernel kDivI8, kDivI16;

/// SQUARED_DIFFERENCE, of arguments (a, b, out). Parameters: nw_squared_difference_params.
extern const Kernel kSquaredDifferenceI8, kSquaredDifferenceI16;

/// MAXIMUM, MINIMUM, LOGICAL_AND and LOGICAL_OR, of arguments (a, b, out). Parameters: nw_choose_params.
extern const Kernel kMaximumI8, kMaximumI16, kMinimumI8, kMinimumI16, kLogicalAndU8, kLogicalOrU8;

/// LOGICAL_NOT, of arguments (in, out). Parameters: nw_logical_not_params.
extern const Kernel kLogicalNotU8;

/// EQUAL and the other relations, of arguments (a, b, out). Parameters: nw_compare_params.
extern const Kernel kCompareI8, kCompareI16;

/// ADD, SUB, MUL (nw_plain_params), MAXIMUM and MINIMUM (nw_choose_params) of numbers without a scale, of arguments
/// (a, b, out).
extern const Kernel kPlainAddI32, kPlainAddI64, kPlainSubI32, kPlainSubI64, kPlainMulI32, kPlainMulI64;
extern const Kernel kPlainMaximumI32, kPlainMaximumI64, kPlainMinimumI32, kPlainMinimumI64;

/// EQUAL and the other relations of stored integers, of arguments (a, b, out). Parameters: nw_relate_params.
extern const Kernel kRelateI8, kRelateU8, kRelateI16, kRelateI32, kRelateI64;

/// SELECT and SELECT_V2, of arguments (condition, a, b, out). Parameters: nw_select_params.
extern const Kernel kSelectAny;

}  // namespace narrow
