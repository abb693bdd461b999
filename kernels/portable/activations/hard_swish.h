/* HARD_SWISH, x * relu6(x + 3) / 6, on 16-bit intermediates. 8-bit tensors only: no runtime has a 16-bit one.
 *
 * With h = float32(s_in / 128):
 *   output_multiplier, output_shift = h / s_out; gate_multiplier, gate_shift = h / float32(3 / 32768), so that the
 *   gate's +-3 is +-32768. Quotients in float32, then (multiplier, shift) as usual, the multiplier cut to 16 bits:
 *   (m + 2^15) / 2^16 rounded down, at most 32767 (TFLM and LiteRT). */
#ifndef NARROW_HARD_SWISH_H
#define NARROW_HARD_SWISH_H

#include "nw_types.h"

typedef struct {
  nw_i32 count;
  nw_i32 input_zero_point;
  nw_i32 output_zero_point;
  nw_i32 output_multiplier; /* [2^14, 2^15 - 1] */
  int output_shift;         /* [-31, 0]; positive ones are refused by the runtimes */
  nw_i32 gate_multiplier;   /* [2^14, 2^15 - 1] */
  int gate_shift;           /* [-31, 30] */
} nw_hard_swish_params;

/* out may be in. */
void nw_hard_swish_i8(const NW_FLASH nw_hard_swish_params *p, const nw_i8 *in, nw_i8 *out);

#endif
