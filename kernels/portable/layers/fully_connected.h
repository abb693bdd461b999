/* FULLY_CONNECTED on integers. Input [rows, input_c], weights [output_c, input_c], output [rows, output_c]. */
#ifndef NARROW_FULLY_CONNECTED_H
#define NARROW_FULLY_CONNECTED_H

#include "portable/layers/layer_instances.h"

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

/* nw_fully_connected_i8_double and its like: layer_instances.h. */
NW_LAYER_INSTANCES(nw_fully_connected, nw_fully_connected_params)

#ifdef __cplusplus
}
#endif

#endif
