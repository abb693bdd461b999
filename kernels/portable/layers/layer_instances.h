/* The instances that each layer has: widths of activations, weights, biases and sums, and roundings. A chip's program
 * takes the ones it needs.
 *
 * bias has one element per output channel, of scale input scale * weight scale, or is NULL. input and output do not
 * overlap. scratch is not used here, and may be NULL; variants for particular chips use it. */
#ifndef NARROW_LAYER_INSTANCES_H
#define NARROW_LAYER_INSTANCES_H

#include "portable/layers/conv2d_epilogue.h"

#define NW_LAYER_FN(name, params, activation, weight, bias)                                                           \
  typedef void name(const params *, const activation *input, const weight *weights, const bias *, activation *output, \
                    void *scratch);

/* PREFIX_i8_*: int8 activations, 32-bit sums. PREFIX_i16_b32_*: int16 activations, 32-bit sums, which 512 products of
 * extreme values overflow. PREFIX_i16_b64_*: int16 activations, 64-bit sums.
 * PREFIX_aXwYsZ: activations of X bits, weights of Y, sums of Z; biases of any width (nw_bias) and any rounding rule
 * (nw_output). The sums must be proved to fit: |sum| < 2^31, or 2^47 for 64 bits. */
#define NW_LAYER_INSTANCES(prefix, params)                                                          \
  NW_LAYER_FN(prefix##_i8_fn, params, nw_i8, nw_i8, nw_i32)                                         \
  NW_LAYER_FN(prefix##_i16_b32_fn, params, nw_i16, nw_i8, nw_i32)                                   \
  NW_LAYER_FN(prefix##_i16_b64_fn, params, nw_i16, nw_i8, nw_i64)                                   \
  NW_LAYER_FN(prefix##_a8w8_fn, params, nw_i8, nw_i8, nw_bias)                                      \
  NW_LAYER_FN(prefix##_a8w16_fn, params, nw_i8, nw_i16, nw_bias)                                    \
  NW_LAYER_FN(prefix##_a16w8_fn, params, nw_i16, nw_i8, nw_bias)                                    \
  NW_LAYER_FN(prefix##_a16w16_fn, params, nw_i16, nw_i16, nw_bias)                                  \
  prefix##_i8_fn prefix##_i8_double, prefix##_i8_double_up, prefix##_i8_single;                     \
  prefix##_i16_b32_fn prefix##_i16_b32_double, prefix##_i16_b32_double_up, prefix##_i16_b32_single; \
  prefix##_i16_b64_fn prefix##_i16_b64_wide;                                                        \
  prefix##_a8w8_fn prefix##_a8w8s32;                                                                \
  prefix##_a8w16_fn prefix##_a8w16s32;                                                              \
  prefix##_a16w8_fn prefix##_a16w8s32, prefix##_a16w8s64;                                           \
  prefix##_a16w16_fn prefix##_a16w16s32, prefix##_a16w16s64;

#endif
