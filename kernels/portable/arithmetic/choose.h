/* MAXIMUM, MINIMUM, LOGICAL_AND, LOGICAL_OR, LOGICAL_NOT: the result is decided by the stored numbers alone. Operands
 * and result of the first two have one scale. Truth values are bytes, 0 or not; results are 0 or 1. */
#ifndef NARROW_CHOOSE_H
#define NARROW_CHOOSE_H

#include "nw_types.h"
#include "portable/arithmetic/broadcast.h"

typedef struct {
  nw_broadcast shape;
} nw_choose_params;

typedef struct {
  nw_i32 count; /* elements */
} nw_logical_not_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_maximum_i8(const NW_FLASH nw_choose_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_maximum_i16(const NW_FLASH nw_choose_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);
void nw_minimum_i8(const NW_FLASH nw_choose_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out);
void nw_minimum_i16(const NW_FLASH nw_choose_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out);
void nw_logical_and(const NW_FLASH nw_choose_params *p, const nw_u8 *a, const nw_u8 *b, nw_u8 *out);
void nw_logical_or(const NW_FLASH nw_choose_params *p, const nw_u8 *a, const nw_u8 *b, nw_u8 *out);
/* out may be in. */
void nw_logical_not(const NW_FLASH nw_logical_not_params *p, const nw_u8 *in, nw_u8 *out);

#endif
