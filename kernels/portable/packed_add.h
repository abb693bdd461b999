/* Parameters of ADD of two int8 tensors of one shape for one kind of processor; packed_add_body.h has the loop. */
#ifndef NARROW_PACKED_ADD_H
#define NARROW_PACKED_ADD_H

#include "nw_types.h"

/* An operand less its zero point, times 2^20, times multiplier * 2^(-31 - shift), rounded twice. */
typedef struct {
  nw_i32 zero_point;
  nw_i32 multiplier; /* [2^30, 2^31 - 1] */
  nw_i32 shift;      /* [0, 22] */
} nw_packed_add_operand;

typedef struct {
  nw_i32 count; /* elements */
  nw_packed_add_operand a, b;
  nw_i32 multiplier, addend, shift; /* of the sum: as those of a channel in packed_channel.h */
  nw_i32 min, max;                  /* of results: a fused activation */
} nw_packed_add_params;

#endif
