/* Parameters of layers with windows whose weights are packed for one kind of processor: the input's zero point is in
 * their biases already, but for padding, and factors stand beside biases. */
#ifndef NARROW_PACKED_WINDOW_H
#define NARROW_PACKED_WINDOW_H

#include "portable/window.h"

typedef struct {
  nw_window window;
  nw_i32 input_zero_point; /* what padding holds */
  nw_i32 min, max;         /* of results: a fused activation */
} nw_packed_window_params;

#endif
