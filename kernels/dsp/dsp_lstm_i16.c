#include "dsp/dsp_lstm_i16.h"

#include "dsp/dsp_four_sums.h"
#include "dsp/dsp_lstm_cells.h"
#include "nw_requantize.h"

static NW_NOINLINE void nw_lstm_cells_i16(const nw_lstm_params *p, const nw_u16 *table, const nw_i16 *values,
                                          nw_i32 step, nw_i16 *cell, nw_i16 *hidden, nw_i16 *out) {
  nw_lstm_cells_of(p, table, values, step, cell, hidden, out, 1);
}

/* Copies a row, and zeros up to `end`. */
static NW_NOINLINE void nw_lstm_row_i16(nw_u32 *row, const nw_u32 *end, const nw_i16 *from, nw_i32 count) {
  for (nw_i16 *to = nw_copy_i16((nw_i16 *)row, from, count); to < (const nw_i16 *)end; ++to) *to = 0;
}

/* A sum in 16 bits: nw_requantize_wide with a factor of factor * 2^-32. */
static NW_INLINE nw_i32 nw_lstm_scaled_i16(nw_i32 sum, nw_i32 factor) {
  return nw_to_halfword(nw_add_high_word(0, sum, factor));
}

/* The sums of one gate over a row, or what they add to `values`; their weights end where the returned ones begin. */
static NW_NOINLINE const nw_u32 *nw_lstm_gate_i16(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights,
                                                  nw_i32 multiplier, int shift, nw_i32 cells, nw_i32 add,
                                                  nw_i16 *values) {
  nw_i32 const factor = nw_reduce_multiplier(multiplier) << (17 + shift);
  for (; cells > 0; cells -= 4, values += 4) {
    const nw_u32 *at = row;
    nw_u32 a, b, c, d;
    nw_four_channels s;
    weights = nw_four_words(weights, &a, &b, &c, &d);
    s.a = (nw_i32)a;
    s.b = (nw_i32)b;
    s.c = (nw_i32)c;
    s.d = (nw_i32)d;
    do {
      nw_plain_by_four(&at, &weights, &s);
      nw_plain_by_four(&at, &weights, &s);
    } while (at != end);
    a = nw_word(nw_lstm_scaled_i16(s.a, factor), nw_lstm_scaled_i16(s.b, factor));
    b = nw_word(nw_lstm_scaled_i16(s.c, factor), nw_lstm_scaled_i16(s.d, factor));
    if (add) {
      a = nw_plus_lanes(a, nw_two_halfwords(values));
      b = nw_plus_lanes(b, nw_two_halfwords(values + 2));
    }
    nw_put_two_halfwords(values, a);
    nw_put_two_halfwords(values + 2, b);
  }
  return weights;
}

void nw_dsp_lstm_i16(const nw_lstm_params *p, const nw_i16 *x, const nw_i32 *weights, const nw_u16 *table,
                     nw_i16 *hidden, nw_i16 *cell, nw_i16 *out, void *scratch) {
  nw_i32 const n = p->cells, step = (n + 3) / 4 * 4;
  nw_u32 *const data_row = (nw_u32 *)scratch, *const data_end = data_row + (p->input_c + 7) / 8 * 4;
  nw_u32 *const hidden_row = data_end, *const hidden_end = hidden_row + (n + 7) / 8 * 4;
  nw_i16 *const values = (nw_i16 *)hidden_end; /* gates [4, step], and states that are not kept */
  nw_i16 *const fresh_cell = cell ? (nw_i16 *)0 : values + 4 * step;
  nw_i16 *const fresh_hidden = hidden ? (nw_i16 *)0 : values + 4 * step + n;
  if (fresh_cell) cell = fresh_cell;
  if (fresh_hidden) hidden = fresh_hidden;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    for (nw_i32 i = 0; fresh_hidden && i < n; ++i) hidden[i] = (nw_i16)p->hidden_zero_point;
    for (nw_i32 i = 0; fresh_cell && i < n; ++i) cell[i] = 0;
    for (nw_i32 t = 0; t < p->time; ++t) {
      nw_i32 const row = b * p->batch_step + t * p->time_step;
      const nw_u32 *w = (const nw_u32 *)weights;
      nw_lstm_row_i16(data_row, data_end, x + row * p->input_c, p->input_c);
      nw_lstm_row_i16(hidden_row, hidden_end, hidden, n);
      for (int g = 0; g < NW_LSTM_GATES; ++g) {
        nw_i16 *const gate = values + g * step;
        w = nw_lstm_gate_i16(data_row, data_end, w, p->input_multiplier[g], p->input_shift[g], n, 0, gate);
        w = nw_lstm_gate_i16(hidden_row, hidden_end, w, p->hidden_multiplier[g], p->hidden_shift[g], n, 1, gate);
      }
      nw_lstm_cells_i16(p, table, values, step, cell, hidden, out + row * n);
    }
    if (!fresh_hidden) hidden += n;
    if (!fresh_cell) cell += n;
  }
}
