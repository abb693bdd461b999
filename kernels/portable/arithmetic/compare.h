/* EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL of operands with scales of their own.
 *
 * Both operands, eight bits longer, are multiplied by their scales with double rounding (TFLM; LiteRT), then compared
 * as integers: values that round alike are equal. (multiplier, shift) = scale, below 1. */
#ifndef NARROW_COMPARE_H
#define NARROW_COMPARE_H

#include "portable/arithmetic/broadcast.h"
#include "portable/arithmetic/scaled_input.h"

/* What a relation accepts: a sum of these. */
#define NW_LESS 1
#define NW_SAME 2
#define NW_GREATER 4

typedef struct {
  nw_broadcast shape;
  nw_scaled_input a;
  nw_scaled_input b;
  int accepts; /* [0, 7] */
} nw_compare_params;

void nw_compare_i8(const NW_FLASH nw_compare_params *p, const nw_i8 *a, const nw_i8 *b, nw_u8 *out);
void nw_compare_i16(const NW_FLASH nw_compare_params *p, const nw_i16 *a, const nw_i16 *b, nw_u8 *out);

#endif
