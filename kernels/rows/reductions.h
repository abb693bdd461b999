// Kernels of the ops that reduce over dimensions, or run along one, of arguments (in, out).
#pragma once

#include "rows/kernel.h"

namespace narrow {

/// SUM and MEAN. Parameters: nw_reduce_params; host::FloatReduceParams of the roundings of LiteRT's default
/// interpreter.
extern const Kernel kSumI8, kSumOnceI8, kSumI16, kSumFloatI8, kSumFloatI16;

/// Parameters: nw_extreme_params.
extern const Kernel kReduceMaxI8, kReduceMaxI16, kReduceMinI8, kReduceMinI16;

/// Parameters: nw_product_params.
extern const Kernel kReduceProdI8, kReduceProdI16;

/// Parameters: nw_arg_params.
extern const Kernel kArgMaxI8, kArgMaxI16, kArgMinI8, kArgMinI16;

/// Parameters: nw_cumsum_params.
extern const Kernel kCumsumI8;

/// Parameters: nw_l2_normalization_params.
extern const Kernel kL2NormalizationI8;

}  // namespace narrow
