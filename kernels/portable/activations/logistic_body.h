/* What LOGISTIC and TANH share. */
#ifndef NARROW_LOGISTIC_BODY_H
#define NARROW_LOGISTIC_BODY_H

#include "portable/activations/logistic.h"
#include "portable/fixed_point.h"

/* x = input - zero point in Q4.27; 0 where the output is saturated, its sign then being x's. */
static inline int nw_squash_input(const NW_FLASH nw_squash_params *p, nw_i32 x, nw_i32 *q4) {
  if (x <= -p->input_radius || x >= p->input_radius) return 0;
  *q4 = nw_requantize_double(x, p->multiplier, p->shift);
  return 1;
}

/* x * multiplier / 2^shift, ties up. */
static inline nw_i32 nw_squash16_input(const NW_FLASH nw_squash16_params *p, nw_i32 x) {
  nw_i32 const half = p->shift > 0 ? (nw_i32)1 << (p->shift - 1) : 0;
  return (nw_i32)nw_floor_shift(x * p->multiplier + half, p->shift);
}

/* sigmoid(v / (24 * 2^bits)) * 2^(16 + bits), v >= 0, interpolated in the table of 256; its last value beyond. */
static inline nw_i32 nw_squash16_table(const NW_FLASH nw_u16 *table, nw_i32 v, int bits, nw_i32 beyond) {
  nw_i32 const i = v >> bits;
  nw_i32 const part = v & (((nw_i32)1 << bits) - 1);
  if (i >= 255) return beyond;
  return ((nw_i32)table[i] << bits) + part * ((nw_i32)table[i + 1] - (nw_i32)table[i]);
}

/* sigmoid(v / (3 * 4096)) in Q0.15: Q16.9 in units of 2^-25; sigmoid(-x) = 1 - sigmoid(x); back to Q0.15, ties up for
 * v >= 0, down for v < 0. */
static inline nw_i16 nw_table_logistic_16(const NW_FLASH nw_u16 *table, nw_i32 v) {
  nw_i32 const y = nw_squash16_table(table, v < 0 ? -v : v, 9, (nw_i32)0x7FFF << 10);
  return (nw_i16)((v < 0 ? ((nw_i32)1 << 25) - y + 511 : y + 512) >> 10);
}

/* tanh(v / (3 * 4096)) in Q0.15: 2 sigmoid(2|x|) - 1 in units of 2^-23, halves added so that the cut to Q0.15 rounds
 * ties up for v >= 0, down for v < 0. */
static inline nw_i16 nw_table_tanh_16(const NW_FLASH nw_u16 *table, nw_i32 v) {
  nw_i32 const y = nw_squash16_table(table, v < 0 ? -v : v, 8, (nw_i32)0xFFFF << 8) - ((nw_i32)1 << 23);
  return (nw_i16)nw_floor_shift(v < 0 ? -y + 127 : y + 128, 8);
}

#endif
