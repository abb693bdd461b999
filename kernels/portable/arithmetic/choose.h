/* MAXIMUM, MINIMUM, LOGICAL_AND, LOGICAL_OR: the result is decided by the stored numbers alone. Operands and result of
 * the first two have one scale. Truth values are bytes, 0 or not; results are 0 or 1. */
#ifndef NARROW_CHOOSE_H
#define NARROW_CHOOSE_H

#include "nw_types.h"
#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast shape;
} nw_choose_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_maximum_i8(nw_choose_params const *p, nw_i8 const *a, nw_i8 const *b, nw_i8 *out);
void nw_maximum_i16(nw_choose_params const *p, nw_i16 const *a, nw_i16 const *b, nw_i16 *out);
void nw_minimum_i8(nw_choose_params const *p, nw_i8 const *a, nw_i8 const *b, nw_i8 *out);
void nw_minimum_i16(nw_choose_params const *p, nw_i16 const *a, nw_i16 const *b, nw_i16 *out);
void nw_logical_and(nw_choose_params const *p, nw_u8 const *a, nw_u8 const *b, nw_u8 *out);
void nw_logical_or(nw_choose_params const *p, nw_u8 const *a, nw_u8 const *b, nw_u8 *out);

#endif
