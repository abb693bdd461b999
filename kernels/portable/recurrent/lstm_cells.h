/* What LSTMs do with gates and cells, whatever the width of data and weights. */
#ifndef NARROW_LSTM_CELLS_H
#define NARROW_LSTM_CELLS_H

#include "portable/activations/logistic_body.h"
#include "portable/arithmetic/inverse_sqrt.h"
#include "portable/recurrent/lstm.h"

static inline nw_i32 lstm_sat16(nw_i32 v) {
  return nw_clamp(v, -32768, 32767);
}

static nw_i16 lstm_sigmoid(const NW_FLASH nw_lstm_params *p, nw_i32 x) {
  if (p->fixed_point) return (nw_i16)nw_fp_logistic(x, 3, 16);
  return nw_table_logistic_16(p->table, x * 3);
}

/* tanh of x * 2^(bits - 15). */
static nw_i16 lstm_tanh(const NW_FLASH nw_lstm_params *p, nw_i32 x, int bits) {
  if (p->fixed_point) return (nw_i16)nw_fp_tanh(x, bits, 16);
  if (bits >= 3) return nw_table_tanh_16(p->table, x * ((nw_i32)3 << (bits - 3)));
  return nw_table_tanh_16(p->table, (nw_i32)nw_floor_shift(x * 3 + ((nw_i32)1 << (2 - bits)), 3 - bits));
}

/* a * b * 2^-right, in 16 bits; right in [15, 21]. */
static nw_i32 lstm_product(const NW_FLASH nw_lstm_params *p, nw_i32 a, nw_i32 b, int right) {
  if (p->fixed_point) return (nw_i16)nw_round_shift_away_31(a * b, right);
  if (p->half_up) return lstm_sat16(nw_round_shift_up(a * b, right));
  return lstm_sat16(nw_requantize_double(a * b, (nw_i32)1 << 30, 1 - right));
}

/* A sum or product of 32 bits, rescaled. */
static nw_i32 lstm_rescale(const NW_FLASH nw_lstm_params *p, nw_i32 v, nw_i32 multiplier, int shift) {
  return p->half_up ? nw_requantize_single(v, multiplier, shift) : nw_requantize_double(v, multiplier, shift);
}

/* Likewise a sum of 64 bits, in any form. */
static inline nw_i32 lstm_rescale_wide(const NW_FLASH nw_lstm_params *p, nw_i64 v, nw_i32 multiplier, int shift) {
  (void)p;
  return nw_requantize_wide(v, multiplier, shift);
}

/* Layer normalization of the sums of a gate. */
static void lstm_normalize(const NW_FLASH nw_lstm_params *p, int gate, nw_i16 *values) {
  nw_i32 const n = p->cells;
  const NW_FLASH nw_i16 *const norm = p->norm + gate * n;
  const NW_FLASH nw_i32 *const bias = p->norm_bias + gate * n;
  nw_i64 sum = 0, squares = 0;
  for (nw_i32 i = 0; i < n; ++i) {
    sum += values[i];
    squares += (nw_i32)values[i] * values[i];
  }
  nw_i32 const mean = (nw_i32)(sum * 1024 / n);
  nw_i64 const variance = (squares * (((nw_i32)1 << 20) / n) - (nw_i64)mean * mean) / ((nw_i32)1 << 20);
  nw_factor const f = nw_inverse_sqrt(variance < 1 ? p->norm_guard[gate] : (nw_i32)variance);
  for (nw_i32 i = 0; i < n; ++i) {
    nw_i32 const away = (nw_i32)values[i] * 1024 - mean;
    nw_i64 const v = (nw_i64)nw_requantize_double(away, f.multiplier, f.shift) * norm[i] + bias[i];
    nw_i32 const in_units = (nw_i32)((v > 0 ? v + 512 : v - 512) / 1024);
    values[i] = (nw_i16)lstm_sat16(nw_requantize_double(in_units, p->norm_multiplier[gate], p->norm_shift[gate]));
  }
}

/* The sums of a gate become its values, and its peephole looks at the cell. */
static void lstm_finish_gate(const NW_FLASH nw_lstm_params *p, int gate, const NW_FLASH nw_i16 *peephole,
                             const nw_i16 *cell, nw_i16 *values) {
  for (nw_i32 i = 0; peephole && i < p->cells; ++i)
    values[i] = (nw_i16)lstm_sat16(values[i] + lstm_rescale(p, (nw_i32)peephole[i] * cell[i],
                                                            p->peephole_multiplier[gate], p->peephole_shift[gate]));
  if (p->norm) lstm_normalize(p, gate, values);
  for (nw_i32 i = 0; i < p->cells; ++i) values[i] = gate == 2 ? lstm_tanh(p, values[i], 3) : lstm_sigmoid(p, values[i]);
}

static void lstm_update_cell(const NW_FLASH nw_lstm_params *p, int coupled, const nw_i16 *values, nw_i16 *cell) {
  nw_i32 const n = p->cells;
  for (nw_i32 i = 0; i < n; ++i) {
    nw_i32 const forget = values[n + i];
    nw_i32 const kept = lstm_product(p, forget, cell[i], 15);
    nw_i32 const added =
        lstm_product(p, coupled ? 32767 - forget : values[i], values[2 * n + i], 15 + (int)p->cell_bits);
    nw_i32 const v = lstm_sat16(kept + added);
    cell[i] = (nw_i16)(p->cell_clip >= 0 ? nw_clamp(v, -p->cell_clip, p->cell_clip) : v);
  }
}

#endif
