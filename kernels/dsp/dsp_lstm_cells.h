/* What becomes of the sums of an LSTM's gates: states and results, in the integers of nw_lstm_i8 with fixed_point 0. */
#ifndef NARROW_DSP_LSTM_CELLS_H
#define NARROW_DSP_LSTM_CELLS_H

#include "dsp/dsp_squash.h"
#include "portable/recurrent/lstm.h"

/* nw_requantize_double of a product and 2^30, with a shift of -`shift` < 0, half = 2^(shift - 1), in 16 bits. */
static NW_INLINE nw_i32 nw_lstm_product(nw_i32 product, nw_i32 half, nw_i32 shift) {
  nw_i32 const v = NW_FLOOR_SHIFT(product + 1, 1);
  return nw_to_halfword(NW_FLOOR_SHIFT(v + NW_FLOOR_SHIFT(v, 31) + half, shift));
}

/* values: the sums of gates, each of `step` elements; hidden and out take what the cells give, in bytes or, if wide, in
 * halfwords. wide is a constant. */
static NW_INLINE void nw_lstm_cells_of(const nw_lstm_params *p, const nw_u16 *table, const nw_i16 *values, nw_i32 step,
                                       nw_i16 *cell, void *hidden, void *out, int wide) {
  nw_i16 *const end = cell + p->cells;
  nw_i8 *hidden_bytes = (nw_i8 *)hidden, *bytes = (nw_i8 *)out;
  nw_i16 *hidden_halfwords = (nw_i16 *)hidden, *halfwords = (nw_i16 *)out;
  nw_i32 const bits = p->cell_bits, clip = p->cell_clip;
  nw_i32 const added_shift = 14 + bits, added_half = (nw_i32)1 << (13 + bits);
  /* three times a cell's value, in the unit of the table */
  nw_i32 const times = bits > 3 ? (nw_i32)3 << (bits - 3) : 3, less = bits < 3 ? 3 - bits : 0,
               half = (((nw_i32)1 << less) >> 1);
  nw_i32 const multiplier = p->output_multiplier, shift = -p->output_shift;
  nw_i32 const addend = (nw_i32)1 << (shift - 1), zero = p->given_zero_point;
  do {
    nw_i32 const input = nw_dsp_sigmoid(table, 3 * values[0]), forget = nw_dsp_sigmoid(table, 3 * values[step]);
    nw_i32 const fresh = nw_dsp_tanh(table, 3 * values[2 * step]);
    nw_i32 const output = nw_dsp_sigmoid(table, 3 * values[3 * step]);
    nw_i32 v = nw_lstm_product(forget * *cell, (nw_i32)1 << 13, 14);
    v = nw_to_halfword(v + nw_lstm_product(input * fresh, added_half, added_shift));
    if (clip >= 0) v = nw_clamp(v, -clip, clip);
    *cell++ = (nw_i16)v;
    ++values;
    v = 2 * output * nw_dsp_tanh(table, NW_FLOOR_SHIFT(times * v + half, less));
    v = NW_FLOOR_SHIFT(nw_add_high_word(addend, v, multiplier) + NW_FLOOR_SHIFT(v, 31), shift) + zero;
    if (wide)
      *hidden_halfwords++ = *halfwords++ = (nw_i16)nw_to_halfword(v);
    else
      *hidden_bytes++ = *bytes++ = (nw_i8)nw_to_byte(v);
  } while (cell != end);
}

#endif
