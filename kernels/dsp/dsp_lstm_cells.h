/* What becomes of the sums of an LSTM's gates: states and results, in the integers of nw_lstm_i8 with fixed_point 0. */
#ifndef NARROW_DSP_LSTM_CELLS_H
#define NARROW_DSP_LSTM_CELLS_H

#include "dsp/dsp_lanes.h"
#include "portable/recurrent/lstm.h"

/* v where `sign` is 0, else -v - 1. */
static NW_INLINE nw_i32 nw_turned(nw_i32 v, nw_i32 sign) {
  return v ^ sign;
}

/* nw_table_logistic_16 of |v| < 255 * 512, which is within the table. Of a negative number it is 2^25 - y + 511 before
 * the shift, which is -y - 1 and 2^25 + 512. */
static NW_INLINE nw_i32 nw_lstm_sigmoid(const nw_u16 *table, nw_i32 v) {
  nw_i32 const sign = NW_FLOOR_SHIFT(v, 31), size = nw_turned(v, sign) - sign;
  const nw_u16 *const at = table + (size >> 9);
  nw_i32 const low = at[0], y = (low << 9) + (size & 511) * ((nw_i32)at[1] - low);
  return (nw_turned(y, sign) + (sign & ((nw_i32)1 << 25)) + 512) >> 10;
}

/* nw_table_tanh_16. Of a negative number it is -y + 127 before the shift, which is -y - 1 and 128. */
static NW_INLINE nw_i32 nw_lstm_tanh(const nw_u16 *table, nw_i32 v) {
  nw_i32 const sign = NW_FLOOR_SHIFT(v, 31), size = nw_turned(v, sign) - sign;
  nw_i32 y = (nw_i32)0xFFFF << 8;
  if (size < 255 << 8) {
    const nw_u16 *const at = table + (size >> 8);
    nw_i32 const low = at[0];
    y = (low << 8) + (size & 255) * ((nw_i32)at[1] - low);
  }
  return NW_FLOOR_SHIFT(nw_turned(y - ((nw_i32)1 << 23), sign) + 128, 8);
}

/* nw_requantize_double of a product and 2^30, with a shift of -`shift` < 0, half = 2^(shift - 1), in 16 bits. */
static NW_INLINE nw_i32 nw_lstm_product(nw_i32 product, nw_i32 half, nw_i32 shift) {
  nw_i32 const v = NW_FLOOR_SHIFT(product + 1, 1);
  return nw_to_halfword(NW_FLOOR_SHIFT(v + NW_FLOOR_SHIFT(v, 31) + half, shift));
}

/* values: the sums of gates, each of `step` elements; hidden and out take what the cells give. */
static NW_NOINLINE void nw_lstm_cells(const nw_lstm_params *p, const nw_u16 *table, const nw_i16 *values, nw_i32 step,
                                      nw_i16 *cell, nw_i8 *hidden, nw_i8 *out) {
  nw_i16 *const end = cell + p->cells;
  nw_i32 const bits = p->cell_bits, clip = p->cell_clip;
  nw_i32 const added_shift = 14 + bits, added_half = (nw_i32)1 << (13 + bits);
  /* three times a cell's value, in the unit of the table */
  nw_i32 const times = bits > 3 ? (nw_i32)3 << (bits - 3) : 3, less = bits < 3 ? 3 - bits : 0,
               half = (((nw_i32)1 << less) >> 1);
  nw_i32 const multiplier = p->output_multiplier, shift = -p->output_shift;
  nw_i32 const addend = (nw_i32)1 << (shift - 1), zero = p->given_zero_point;
  do {
    nw_i32 const input = nw_lstm_sigmoid(table, 3 * values[0]), forget = nw_lstm_sigmoid(table, 3 * values[step]);
    nw_i32 const fresh = nw_lstm_tanh(table, 3 * values[2 * step]);
    nw_i32 const output = nw_lstm_sigmoid(table, 3 * values[3 * step]);
    nw_i32 v = nw_lstm_product(forget * *cell, (nw_i32)1 << 13, 14);
    v = nw_to_halfword(v + nw_lstm_product(input * fresh, added_half, added_shift));
    if (clip >= 0) v = nw_clamp(v, -clip, clip);
    *cell++ = (nw_i16)v;
    ++values;
    v = 2 * output * nw_lstm_tanh(table, NW_FLOOR_SHIFT(times * v + half, less));
    v = NW_FLOOR_SHIFT(nw_add_high_word(addend, v, multiplier) + NW_FLOOR_SHIFT(v, 31), shift);
    v = nw_to_byte(v + zero);
    *hidden++ = (nw_i8)v;
    *out++ = (nw_i8)v;
  } while (cell != end);
}

#endif
