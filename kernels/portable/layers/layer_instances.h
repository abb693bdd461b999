/* The instances of each layer kernel: CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED and TRANSPOSE_CONV.
 *
 * X(suffix, activation, weight, sum, bias, rounding): element types of input and output, of the weights, of the
 * accumulator and of the biases, and how accumulators are rounded.
 *   i8_*        int8 activations and 32-bit sums.
 *   i16_b32_*   int16 activations and 32-bit sums, which 512 products of extreme values overflow.
 *   i16_b64_*   int16 activations and 64-bit sums.
 *   aXwYsZ_*    activations of X bits, weights of Y and sums of Z; biases of any width (nw_bias_format).
 *   *_by        the rounding rule that the parameters name (nw_output); saturates, where the others wrap.
 * Sums must be proved to fit: |sum| < 2^31, or < 2^47 where they have 64 bits.
 *
 * weights are stored as nw_weights.h says. biases has one element per output channel, or is NULL. input and output do
 * not overlap. scratch is not used by these kernels and may be NULL; variants for particular chips use it. */
#ifndef NARROW_LAYER_INSTANCES_H
#define NARROW_LAYER_INSTANCES_H

#include "nw_weights.h"
#include "portable/layers/conv2d_epilogue.h"

#define NW_LAYER_LIST(X)                                         \
  X(i8_double, nw_i8, nw_i8, nw_i32, nw_i32, double_away)        \
  X(i8_double_up, nw_i8, nw_i8, nw_i32, nw_i32, double_up)       \
  X(i8_single, nw_i8, nw_i8, nw_i32, nw_i32, single)             \
  X(i16_b32_double, nw_i16, nw_i8, nw_i32, nw_i32, double_away)  \
  X(i16_b32_double_up, nw_i16, nw_i8, nw_i32, nw_i32, double_up) \
  X(i16_b32_single, nw_i16, nw_i8, nw_i32, nw_i32, single)       \
  X(i16_b64_wide, nw_i16, nw_i8, nw_i64, nw_i64, wide)           \
  X(a8w4s32_double, nw_i8, nw_i4, nw_i32, void, double_away)     \
  X(a8w4s32_single, nw_i8, nw_i4, nw_i32, void, single)          \
  X(a8w4s32_by, nw_i8, nw_i4, nw_i32, void, by_rule)             \
  X(a8w8s32_double, nw_i8, nw_i8, nw_i32, void, double_away)     \
  X(a8w8s32_single, nw_i8, nw_i8, nw_i32, void, single)          \
  X(a8w8s32_by, nw_i8, nw_i8, nw_i32, void, by_rule)             \
  X(a8w16s32_double, nw_i8, nw_i16, nw_i32, void, double_away)   \
  X(a8w16s32_single, nw_i8, nw_i16, nw_i32, void, single)        \
  X(a8w16s32_by, nw_i8, nw_i16, nw_i32, void, by_rule)           \
  X(a16w4s32_double, nw_i16, nw_i4, nw_i32, void, double_away)   \
  X(a16w4s32_single, nw_i16, nw_i4, nw_i32, void, single)        \
  X(a16w4s32_by, nw_i16, nw_i4, nw_i32, void, by_rule)           \
  X(a16w4s64_wide, nw_i16, nw_i4, nw_i64, void, wide)            \
  X(a16w4s64_by, nw_i16, nw_i4, nw_i64, void, by_rule)           \
  X(a16w8s32_double, nw_i16, nw_i8, nw_i32, void, double_away)   \
  X(a16w8s32_single, nw_i16, nw_i8, nw_i32, void, single)        \
  X(a16w8s32_by, nw_i16, nw_i8, nw_i32, void, by_rule)           \
  X(a16w8s64_wide, nw_i16, nw_i8, nw_i64, void, wide)            \
  X(a16w8s64_by, nw_i16, nw_i8, nw_i64, void, by_rule)           \
  X(a16w16s32_double, nw_i16, nw_i16, nw_i32, void, double_away) \
  X(a16w16s32_single, nw_i16, nw_i16, nw_i32, void, single)      \
  X(a16w16s32_by, nw_i16, nw_i16, nw_i32, void, by_rule)         \
  X(a16w16s64_wide, nw_i16, nw_i16, nw_i64, void, wide)          \
  X(a16w16s64_by, nw_i16, nw_i16, nw_i64, void, by_rule)

#define NW_LAYER_FUNCTION(prefix, suffix, params, activation, weight, bias)                                          \
  void prefix##_##suffix(const NW_FLASH params *p, const activation *input, const NW_FLASH weight##_stored *weights, \
                         const NW_FLASH bias *biases, activation *output, void *scratch);

#endif
