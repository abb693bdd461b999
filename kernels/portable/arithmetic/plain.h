/* ADD, SUB, MUL, MAXIMUM, MINIMUM and the relations of numbers without a scale: counters, positions, truth values.
 * Results that would leave the type are its nearest value. */
#ifndef NARROW_PLAIN_H
#define NARROW_PLAIN_H

#include "portable/arithmetic/broadcast.h"
#include "portable/arithmetic/choose.h"

typedef struct {
  nw_broadcast shape;
  nw_i64 min; /* of a fused activation, or the ends of the type; min <= max */
  nw_i64 max;
} nw_plain_params;

/* out may be a (or b) itself where that operand is not repeated. */
void nw_plain_add_i32(const NW_FLASH nw_plain_params *p, const nw_i32 *a, const nw_i32 *b, nw_i32 *out);
void nw_plain_add_i64(const NW_FLASH nw_plain_params *p, const nw_i64 *a, const nw_i64 *b, nw_i64 *out);
void nw_plain_sub_i32(const NW_FLASH nw_plain_params *p, const nw_i32 *a, const nw_i32 *b, nw_i32 *out);
void nw_plain_sub_i64(const NW_FLASH nw_plain_params *p, const nw_i64 *a, const nw_i64 *b, nw_i64 *out);
void nw_plain_mul_i32(const NW_FLASH nw_plain_params *p, const nw_i32 *a, const nw_i32 *b, nw_i32 *out);
void nw_plain_mul_i64(const NW_FLASH nw_plain_params *p, const nw_i64 *a, const nw_i64 *b, nw_i64 *out);

void nw_plain_maximum_i32(const NW_FLASH nw_choose_params *p, const nw_i32 *a, const nw_i32 *b, nw_i32 *out);
void nw_plain_maximum_i64(const NW_FLASH nw_choose_params *p, const nw_i64 *a, const nw_i64 *b, nw_i64 *out);
void nw_plain_minimum_i32(const NW_FLASH nw_choose_params *p, const nw_i32 *a, const nw_i32 *b, nw_i32 *out);
void nw_plain_minimum_i64(const NW_FLASH nw_choose_params *p, const nw_i64 *a, const nw_i64 *b, nw_i64 *out);

typedef struct {
  nw_broadcast shape;
  nw_i32 accepts; /* a sum of NW_LESS, NW_SAME and NW_GREATER of compare.h */
} nw_relate_params;

/* 1 where a and b are in the relation, 0 elsewhere. */
void nw_relate_i8(const NW_FLASH nw_relate_params *p, const nw_i8 *a, const nw_i8 *b, nw_u8 *out);
void nw_relate_u8(const NW_FLASH nw_relate_params *p, const nw_u8 *a, const nw_u8 *b, nw_u8 *out);
void nw_relate_i16(const NW_FLASH nw_relate_params *p, const nw_i16 *a, const nw_i16 *b, nw_u8 *out);
void nw_relate_i32(const NW_FLASH nw_relate_params *p, const nw_i32 *a, const nw_i32 *b, nw_u8 *out);
void nw_relate_i64(const NW_FLASH nw_relate_params *p, const nw_i64 *a, const nw_i64 *b, nw_u8 *out);

#endif
