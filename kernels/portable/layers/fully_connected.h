/* FULLY_CONNECTED on integers. Input [rows, input_c], weights [output_c, input_c], output [rows, output_c]. */
#ifndef NARROW_FULLY_CONNECTED_H
#define NARROW_FULLY_CONNECTED_H

#include "portable/layers/layer_instances.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_i32 rows; /* product of all input dimensions but the last; at least 1, as are input_c and output_c */
  nw_i32 input_c, output_c;
  nw_i32 input_zero_point;  /* [-128, 127] for int8, 0 for int16 */
  nw_i32 filter_zero_point; /* [-128, 127]; other than 0 in old per-tensor models only */
  nw_bias_format bias;      /* read by the instances that take biases of any width */
  nw_output output;
} nw_fully_connected_params;

/* nw_fully_connected_i8_double and its like: layer_instances.h. */
#define NW_FULLY_CONNECTED_FUNCTION(suffix, activation, weight, sum, bias, rounding) \
  NW_LAYER_FUNCTION(nw_fully_connected, suffix, nw_fully_connected_params, activation, weight, bias)
NW_LAYER_LIST(NW_FULLY_CONNECTED_FUNCTION)
#undef NW_FULLY_CONNECTED_FUNCTION

#ifdef __cplusplus
}
#endif

#endif
