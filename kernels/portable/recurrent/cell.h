/* What narrow's own recurrent layers on integers have in common: sums of products, and the functions of gates, states
 * and candidates. */
#ifndef NARROW_CELL_H
#define NARROW_CELL_H

#include "nw_requantize.h"
#include "nw_weights.h"
#include "portable/activations/logistic_body.h"
#include "portable/activations/table.h"

/* Functions of a 16-bit value v. */
enum nw_cell_kind {
  NW_CELL_SIGMOID, /* of v * 2^-12, in Q0.15: nw_table_logistic_16 of 3 * v */
  NW_CELL_TANH,    /* likewise: nw_table_tanh_16 of 3 * v */
  NW_CELL_RAMP,    /* floor((slope * v + offset) / 2^right), limited to [lo, hi] */
  NW_CELL_TABLE    /* nw_interpolate */
};

/* Such a function; members that its kind does not name are 0. |slope| * 2^15 + |offset| < 2^31; right in [0, 30];
 * [lo, hi] within 16 bits. */
typedef struct {
  nw_i32 kind;
  nw_i32 slope, offset;
  int right;
  nw_i32 lo, hi;
  const NW_FLASH nw_i16 *table; /* 513 entries; null for the other kinds */
} nw_cell_function;

static inline nw_i32 nw_cell_apply(const NW_FLASH nw_cell_function *f, const NW_FLASH nw_u16 *squash, nw_i32 v) {
  switch (f->kind) {
    case NW_CELL_SIGMOID:
      return nw_table_logistic_16(squash, v * 3);
    case NW_CELL_TANH:
      return nw_table_tanh_16(squash, v * 3);
    case NW_CELL_RAMP:
      return nw_clamp(NW_FLOOR_SHIFT(v * f->slope + f->offset, f->right), f->lo, f->hi);
    default:
      return nw_interpolate(v, f->table);
  }
}

/* v * 2^-right, ties up; right in [0, 15], |v| < 2^31 - 2^14. */
static inline nw_i32 nw_cell_shift(nw_i32 v, int right) {
  return right > 0 ? NW_FLOOR_SHIFT(v + ((nw_i32)1 << (right - 1)), right) : v;
}

/* v by a factor, plus zero_point, limited to [-top - 1, top]: what data of a type holds of it. */
static inline nw_i32 nw_cell_give(nw_i32 v, nw_i32 multiplier, int shift, nw_i32 zero_point, nw_i32 top) {
  return nw_clamp(nw_requantize_single(v, multiplier, shift) + zero_point, -top - 1, top);
}

/* A factor of sums is factor * 2^-right, factor in [0, 32767], right in [1, 46]: sum * factor * 2^-right, ties up,
 * which is in (-2^30, 2^30). |sum| < 2^47. */
static inline nw_i32 nw_cell_rescale(nw_i64 sum, nw_i32 factor, int right) {
  return (nw_i32)nw_floor_shift(sum * factor + ((nw_i64)1 << (right - 1)), right);
}

/* Defines `name`, of weights of the type NW_WEIGHT: bias (0 where null) + the sum of w * x over `count` products. */
#define NW_CELL_SUM(name, data, sum)                                                     \
  static sum name(const NW_FLASH sum *bias, NW_WEIGHTS w, const data *x, nw_i32 count) { \
    sum total = bias ? *bias : 0;                                                        \
    for (nw_i32 i = 0; i < count; ++i) total += (nw_i32)NW_WEIGHT_AT(w, i) * x[i];       \
    return total;                                                                        \
  }

#endif
