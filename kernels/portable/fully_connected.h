/* FULLY_CONNECTED on integers. Input [rows, input_c], weights [output_c, input_c], output [rows, output_c]. */
#ifndef NARROW_FULLY_CONNECTED_H
#define NARROW_FULLY_CONNECTED_H

#include "conv2d_epilogue.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lengths count elements and are at least 1; each tensor has fewer than 2^31 of them. */
typedef struct {
  nw_i32 rows; /* product of all input dimensions but the last */
  nw_i32 input_c, output_c;
  nw_i32 input_offset;  /* -(zero point of the input): [-127, 128] for int8, 0 for int16 */
  nw_i32 filter_offset; /* -(zero point of the weights), [-127, 128]; other than 0 in old per-tensor models only */
  nw_output output;
} nw_fully_connected_params;

/* bias has output_c elements of scale input scale * weight scale, or is NULL. input and output do not overlap.
 * scratch is not used here, and may be NULL; variants for particular chips use it. */
typedef void nw_fully_connected_i8_fn(const nw_fully_connected_params *params, const nw_i8 *input, const nw_i8 *weights,
                                      const nw_i32 *bias, nw_i8 *output, void *scratch);
typedef void nw_fully_connected_i16_b32_fn(const nw_fully_connected_params *params, const nw_i16 *input,
                                           const nw_i8 *weights, const nw_i32 *bias, nw_i16 *output, void *scratch);
typedef void nw_fully_connected_i16_b64_fn(const nw_fully_connected_params *params, const nw_i16 *input,
                                           const nw_i8 *weights, const nw_i64 *bias, nw_i16 *output, void *scratch);

/* int8 activations, 32-bit accumulator. */
nw_fully_connected_i8_fn nw_fully_connected_i8_double, nw_fully_connected_i8_double_up, nw_fully_connected_i8_single;

/* int16 activations, 32-bit accumulator: 512 products of extreme values overflow it. */
nw_fully_connected_i16_b32_fn nw_fully_connected_i16_b32_double, nw_fully_connected_i16_b32_double_up,
    nw_fully_connected_i16_b32_single;

/* int16 activations, 64-bit accumulator. */
nw_fully_connected_i16_b64_fn nw_fully_connected_i16_b64_wide;

#ifdef __cplusplus
}
#endif

#endif
