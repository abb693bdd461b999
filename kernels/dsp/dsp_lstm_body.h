/* The loops of dsp_lstm.c for one width of weights; no include guard. Define first: NW_GATE and NW_LSTM, the names of
 * the functions, and NW_WIDE_WEIGHTS, 1 where weights are lanes; all are undefined again at the end. */

/* nw_gate_sums of that width. */
static NW_NOINLINE const nw_u32 *NW_GATE(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights, nw_i32 multiplier,
                                         int shift, nw_i32 cells, nw_i32 add, nw_i16 *values) {
  return nw_gate_sums(row, end, weights, multiplier, shift, cells, add, values, NW_WIDE_WEIGHTS);
}

void NW_LSTM(const nw_lstm_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_u16 *table, nw_i8 *hidden,
             nw_i16 *cell, nw_i8 *out, void *scratch) {
  nw_i32 const n = p->cells, step = (n + 3) / 4 * 4;
  nw_u32 *const data_row = (nw_u32 *)scratch, *const data_end = data_row + (p->input_c + 7) / 8 * 4;
  nw_u32 *const hidden_row = data_end, *const hidden_end = hidden_row + (n + 7) / 8 * 4;
  nw_i16 *const values = (nw_i16 *)hidden_end; /* gates [4, step], and states that are not kept */
  nw_i16 *const fresh_cell = cell ? (nw_i16 *)0 : values + 4 * step;
  nw_i8 *const fresh_hidden = hidden ? (nw_i8 *)0 : (nw_i8 *)(values + 4 * step + n);
  if (fresh_cell) cell = fresh_cell;
  if (fresh_hidden) hidden = fresh_hidden;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    for (nw_i32 i = 0; fresh_hidden && i < n; ++i) hidden[i] = (nw_i8)p->hidden_zero_point;
    for (nw_i32 i = 0; fresh_cell && i < n; ++i) cell[i] = 0;
    for (nw_i32 t = 0; t < p->time; ++t) {
      nw_i32 const row = b * p->batch_step + t * p->time_step;
      const nw_u32 *w = (const nw_u32 *)weights;
      nw_gate_row(data_row, data_end, x + row * p->input_c, p->input_c, !NW_WIDE_WEIGHTS);
      nw_gate_row(hidden_row, hidden_end, hidden, n, !NW_WIDE_WEIGHTS);
      for (int g = 0; g < NW_LSTM_GATES; ++g) {
        w = NW_GATE(data_row, data_end, w, p->input_multiplier[g], p->input_shift[g], n, 0, values + g * step);
        w = NW_GATE(hidden_row, hidden_end, w, p->hidden_multiplier[g], p->hidden_shift[g], n, 1, values + g * step);
      }
      nw_lstm_cells(p, table, values, step, cell, hidden, out + row * n);
    }
    if (!fresh_hidden) hidden += n;
    if (!fresh_cell) cell += n;
  }
}

#undef NW_GATE
#undef NW_LSTM
#undef NW_WIDE_WEIGHTS
