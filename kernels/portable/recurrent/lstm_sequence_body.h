/* Body of LSTM_SEQUENCE; included once per type of data, see lstm_sequence.c. Macros it takes (and undefines):
 *   NW_LSTM_SEQUENCE_NAME, NW_LSTM_SEQUENCE_PART(name)  functions to define
 *   NW_LSTM_SEQUENCE_DATA, NW_LSTM_SEQUENCE_SUM         types of the data, and of sums of products
 *   NW_WEIGHT                                           that of weights (nw_weights.h)
 *   NW_LSTM_SEQUENCE_TOP                                the largest value of the data's type */
NW_CELL_SUM(NW_LSTM_SEQUENCE_PART(sum), NW_LSTM_SEQUENCE_DATA, NW_LSTM_SEQUENCE_SUM)

/* Where weights, biases and what is computed of them lie. */
typedef struct {
  const NW_FLASH nw_lstm_sequence_params *p;
  const NW_FLASH NW_STORED_WEIGHT *kernel, *recurrent;
  const NW_FLASH NW_LSTM_SEQUENCE_SUM *bias, *hidden_bias;
  const NW_FLASH nw_i16 *peephole;
  nw_i16 *values; /* [5, units]: the gates, and what the output function gives */
} NW_LSTM_SEQUENCE_PART(layer);

/* Gate `gate` of all units; `peephole` is null or its own. */
static void NW_LSTM_SEQUENCE_PART(gate)(const NW_LSTM_SEQUENCE_PART(layer) * l, int gate,
                                        const NW_FLASH nw_i16 *peephole, const NW_LSTM_SEQUENCE_DATA *x,
                                        const NW_LSTM_SEQUENCE_DATA *hidden, const nw_i16 *cell) {
  const NW_FLASH nw_lstm_sequence_params *const p = l->p;
  const NW_FLASH nw_cell_function *const f = gate == 2 ? &p->candidate : &p->gate;
  nw_i32 const n = p->units, most = gate == 2 ? p->candidate_limit : p->sum_limit;
  for (nw_i32 i = 0, row = gate * n; i < n; ++i, ++row) {
    NW_LSTM_SEQUENCE_SUM const of_data = NW_LSTM_SEQUENCE_PART(sum)(
        l->bias + row, NW_WEIGHTS_FROM(NW_WEIGHTS_IN(l->kernel), row * p->input_c), x, p->input_c);
    NW_LSTM_SEQUENCE_SUM const of_hidden =
        NW_LSTM_SEQUENCE_PART(sum)(l->hidden_bias ? l->hidden_bias + row : l->hidden_bias,
                                   NW_WEIGHTS_FROM(NW_WEIGHTS_IN(l->recurrent), row * n), hidden, n);
    nw_i32 sum = nw_cell_rescale(of_data, p->input_factor[row], p->input_right[gate]) +
                 nw_cell_rescale(of_hidden, p->hidden_factor[row], p->hidden_right[gate]);
    sum = nw_clamp(sum, -(NW_I32_MAX / 2), NW_I32_MAX / 2);
    if (peephole) sum += nw_requantize_single((nw_i32)peephole[i] * cell[i], p->peephole_multiplier, p->peephole_shift);
    l->values[row] = (nw_i16)nw_cell_apply(f, p->squash, nw_clamp(sum, -most, most));
  }
}

/* What the output function has as its operand. */
static nw_i32 NW_LSTM_SEQUENCE_PART(given)(const NW_FLASH nw_lstm_sequence_params *p, nw_i32 cell) {
  if (p->cell_right > 0) return nw_cell_shift(cell, p->cell_right);
  return nw_clamp(cell * ((nw_i32)1 << -p->cell_right), -32767, 32767);
}

static void NW_LSTM_SEQUENCE_PART(step)(const NW_LSTM_SEQUENCE_PART(layer) * l, const NW_LSTM_SEQUENCE_DATA *x,
                                        NW_LSTM_SEQUENCE_DATA *hidden, nw_i16 *cell) {
  const NW_FLASH nw_lstm_sequence_params *const p = l->p;
  const NW_FLASH nw_i16 *const peephole = l->peephole;
  nw_i32 const n = p->units;
  nw_i16 *const values = l->values;
  NW_LSTM_SEQUENCE_PART(gate)(l, 0, peephole, x, hidden, cell);
  NW_LSTM_SEQUENCE_PART(gate)(l, 1, peephole ? peephole + n : peephole, x, hidden, cell);
  NW_LSTM_SEQUENCE_PART(gate)(l, 2, (const NW_FLASH nw_i16 *)0, x, hidden, cell);
  for (nw_i32 i = 0; i < n; ++i) {
    nw_i32 const kept = nw_cell_shift((nw_i32)values[n + i] * cell[i], 15);
    nw_i32 const added = nw_cell_shift((nw_i32)values[i] * values[2 * n + i], p->candidate_right);
    cell[i] = (nw_i16)nw_clamp(kept + added, -32768, 32767);
  }
  NW_LSTM_SEQUENCE_PART(gate)(l, 3, peephole ? peephole + 2 * n : peephole, x, hidden, cell);
  for (nw_i32 i = 0; i < n; ++i) {
    values[4 * n + i] = (nw_i16)nw_cell_apply(&p->output, p->squash, NW_LSTM_SEQUENCE_PART(given)(p, cell[i]));
    hidden[i] = (NW_LSTM_SEQUENCE_DATA)nw_cell_give((nw_i32)values[3 * n + i] * values[4 * n + i], p->output_multiplier,
                                                    p->output_shift, p->hidden_zero_point, NW_LSTM_SEQUENCE_TOP);
  }
}

NW_LSTM_SEQUENCE_FUNCTION(NW_LSTM_SEQUENCE_NAME, NW_LSTM_SEQUENCE_DATA, NW_STORED_WEIGHT, NW_LSTM_SEQUENCE_SUM) {
  nw_i32 const n = p->units;
  nw_i16 *const values = (nw_i16 *)scratch;
  nw_i16 *const fresh_cell = cell_state ? (nw_i16 *)0 : values + 5 * n;
  NW_LSTM_SEQUENCE_DATA *const fresh_hidden =
      hidden_state ? (NW_LSTM_SEQUENCE_DATA *)0 : (NW_LSTM_SEQUENCE_DATA *)(values + 6 * n);
  NW_LSTM_SEQUENCE_DATA *hidden = fresh_hidden ? fresh_hidden : hidden_state;
  nw_i16 *cell = fresh_cell ? fresh_cell : cell_state;
  NW_LSTM_SEQUENCE_PART(layer) l;
  l.p = p;
  l.kernel = kernel;
  l.recurrent = recurrent;
  l.bias = bias;
  l.hidden_bias = hidden_bias;
  l.peephole = peephole;
  l.values = values;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    for (nw_i32 i = 0; fresh_hidden && i < n; ++i)
      hidden[i] = (NW_LSTM_SEQUENCE_DATA)(initial_hidden
                                              ? nw_cell_give(initial_hidden[b * n + i] - p->initial_hidden_zero_point,
                                                             p->initial_hidden_multiplier, p->initial_hidden_shift,
                                                             p->hidden_zero_point, NW_LSTM_SEQUENCE_TOP)
                                              : p->hidden_zero_point);
    for (nw_i32 i = 0; fresh_cell && i < n; ++i)
      cell[i] = initial_cell ? (nw_i16)nw_cell_give(initial_cell[b * n + i] - p->initial_cell_zero_point,
                                                    p->initial_cell_multiplier, p->initial_cell_shift, 0, 32767)
                             : 0;
    for (nw_i32 t = 0; t < p->time; ++t, x += p->input_c, out += n) {
      NW_LSTM_SEQUENCE_PART(step)(&l, x, hidden, cell);
      for (nw_i32 i = 0; i < n; ++i) out[i] = hidden[i];
    }
    for (nw_i32 i = 0; i < n; ++i) {
      last_hidden[b * n + i] =
          (NW_LSTM_SEQUENCE_DATA)nw_cell_give((nw_i32)values[3 * n + i] * values[4 * n + i], p->last_hidden_multiplier,
                                              p->last_hidden_shift, p->last_hidden_zero_point, NW_LSTM_SEQUENCE_TOP);
      last_cell[b * n + i] = (NW_LSTM_SEQUENCE_DATA)nw_cell_give(cell[i], p->last_cell_multiplier, p->last_cell_shift,
                                                                 p->last_cell_zero_point, NW_LSTM_SEQUENCE_TOP);
    }
    if (!fresh_hidden) hidden += n;
    if (!fresh_cell) cell += n;
  }
}

#undef NW_LSTM_SEQUENCE_NAME
#undef NW_LSTM_SEQUENCE_DATA
#undef NW_LSTM_SEQUENCE_SUM
#undef NW_WEIGHT
#undef NW_LSTM_SEQUENCE_TOP
#undef NW_LSTM_SEQUENCE_PART
