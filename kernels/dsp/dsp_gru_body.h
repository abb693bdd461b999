/* The loops of dsp_gru.c for one width of weights; no include guard. Define first: NW_SUMS and NW_GRU, the names of the
 * functions, and NW_WIDE_WEIGHTS, 1 where weights are lanes; all are undefined again at the end. */

/* nw_cell_sums of that width. */
static NW_NOINLINE const nw_u32 *NW_SUMS(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights, int right,
                                         nw_i32 units, nw_i32 add, nw_i32 *values) {
  return nw_cell_sums(row, end, weights, NW_CELL_DOWN(right, NW_WIDE_WEIGHTS), units, add, values, NW_WIDE_WEIGHTS);
}

void NW_GRU(const nw_gru_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i8 *initial, nw_i16 *state,
            nw_i8 *out, nw_i8 *last, void *scratch) {
  nw_i32 const n = p->units, step = (n + 3) / 4 * 4;
  nw_u32 *const data_row = (nw_u32 *)scratch, *const data_end = data_row + (p->input_c + 7) / 8 * 4;
  nw_u32 *const hidden_row = data_end, *const hidden_end = hidden_row + (n + 7) / 8 * 4;
  nw_i32 *const values = (nw_i32 *)hidden_end, *const reset = values + step, *const candidate = reset + step,
                *const part = candidate + step;
  nw_i16 *const fresh = state ? (nw_i16 *)0 : (nw_i16 *)(part + step);
  nw_i8 *const hidden = (nw_i8 *)((nw_i16 *)(part + step) + n);
  if (fresh) state = fresh;
  for (nw_i32 b = 0; b < p->batch; ++b, last += n) {
    nw_gru_begin(p, initial ? initial + b * n : initial, fresh, state, hidden);
    for (nw_i32 t = 0; t < p->time; ++t, x += p->input_c, out += n) {
      const nw_u32 *w = (const nw_u32 *)weights;
      nw_gate_row(data_row, data_end, x, p->input_c, !NW_WIDE_WEIGHTS);
      nw_gate_row(hidden_row, hidden_end, hidden, n, !NW_WIDE_WEIGHTS);
      for (int g = 0; g < 2; ++g) {
        w = NW_SUMS(data_row, data_end, w, p->input_right[g], n, 0, values + g * step);
        w = NW_SUMS(hidden_row, hidden_end, w, p->hidden_right[g], n, 1, values + g * step);
      }
      nw_cells_apply(&p->gate, p->squash, p->sum_limit, values, 2 * step);
      w = NW_SUMS(data_row, data_end, w, p->input_right[2], n, 0, candidate);
      if (p->reset_after) {
        NW_SUMS(hidden_row, hidden_end, w, p->hidden_right[2], n, 0, part);
        for (nw_i32 i = 0; i < n; ++i)
          candidate[i] += NW_FLOOR_SHIFT(reset[i] * nw_clamp(part[i], -32767, 32767) + (1 << 14), 15);
      } else {
        nw_gru_reset(p, reset, state, hidden);
        nw_gate_row(hidden_row, hidden_end, hidden, n, !NW_WIDE_WEIGHTS);
        NW_SUMS(hidden_row, hidden_end, w, p->hidden_right[2], n, 1, candidate);
      }
      nw_cells_apply(&p->candidate, p->squash, p->candidate_limit, candidate, n);
      nw_gru_states(p, values, step, state, hidden, out);
    }
    for (nw_i32 i = 0; i < n; ++i)
      last[i] = (nw_i8)nw_cell_give(state[i], p->last_multiplier, p->last_shift, p->last_zero_point, 127);
    if (!fresh) state += n;
  }
}

#undef NW_SUMS
#undef NW_GRU
#undef NW_WIDE_WEIGHTS
