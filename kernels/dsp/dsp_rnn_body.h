/* The loops of dsp_rnn.c for one width of weights; no include guard. Define first: NW_SUMS and NW_RNN, the names of the
 * functions, and NW_WIDE_WEIGHTS, 1 where weights are lanes; all are undefined again at the end. */

/* nw_cell_sums of that width. */
static NW_NOINLINE const nw_u32 *NW_SUMS(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights, int right,
                                         nw_i32 units, nw_i32 add, nw_i32 *values) {
  return nw_cell_sums(row, end, weights, NW_CELL_DOWN(right, NW_WIDE_WEIGHTS), units, add, values, NW_WIDE_WEIGHTS);
}

void NW_RNN(const nw_rnn_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i8 *initial, nw_i8 *state,
            nw_i8 *out, nw_i8 *last, void *scratch) {
  nw_i32 const n = p->units;
  nw_u32 *const data_row = (nw_u32 *)scratch, *const data_end = data_row + (p->input_c + 7) / 8 * 4;
  nw_u32 *const hidden_row = data_end, *const hidden_end = hidden_row + (n + 7) / 8 * 4;
  nw_i32 *const values = (nw_i32 *)hidden_end;
  nw_i8 *const fresh = state ? (nw_i8 *)0 : (nw_i8 *)(values + (n + 3) / 4 * 4);
  nw_i8 *hidden = fresh ? fresh : state;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    if (fresh) nw_rnn_begin(p, initial ? initial + b * n : initial, hidden);
    for (nw_i32 t = 0; t < p->time; ++t) {
      nw_i32 const row = b * p->batch_step + t * p->time_step;
      const nw_u32 *w = (const nw_u32 *)weights;
      nw_gate_row(data_row, data_end, x + row * p->input_c, p->input_c, !NW_WIDE_WEIGHTS);
      nw_gate_row(hidden_row, hidden_end, hidden, n, !NW_WIDE_WEIGHTS);
      w = NW_SUMS(data_row, data_end, w, p->input_right, n, 0, values);
      NW_SUMS(hidden_row, hidden_end, w, p->hidden_right, n, 1, values);
      nw_cells_apply(&p->function, p->squash, p->sum_limit, values, n);
      nw_rnn_give(p, values, hidden, out + row * n);
    }
    for (nw_i32 i = 0; last && i < n; ++i)
      last[b * n + i] = (nw_i8)nw_cell_give(values[i], p->last_multiplier, p->last_shift, p->last_zero_point, 127);
    if (!fresh) hidden += n;
  }
}

#undef NW_SUMS
#undef NW_RNN
#undef NW_WIDE_WEIGHTS
