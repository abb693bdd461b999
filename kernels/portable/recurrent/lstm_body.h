/* Body of the LSTM; included once per type of data, see lstm.c. Macros it takes (and undefines):
 *   NW_LSTM_NAME, NW_LSTM_PART(name)  functions to define
 *   NW_LSTM_DATA, NW_LSTM_SUM         types of the data, and of sums of products
 *   NW_WEIGHT                         that of weights (nw_weights.h)
 *   NW_LSTM_RESCALE                   how sums are rescaled
 *   NW_LSTM_TOP                       the largest value of the data's type */
static NW_LSTM_SUM NW_LSTM_PART(dot)(NW_LSTM_SUM sum, NW_WEIGHTS w, const NW_LSTM_DATA *x, nw_i32 count) {
  for (nw_i32 i = 0; i < count; ++i) sum += (nw_i32)NW_WEIGHT_AT(w, i) * x[i];
  return sum;
}

/* The sums of one gate over data and hidden state. */
static void NW_LSTM_PART(gate)(const NW_FLASH nw_lstm_params *p, int gate, const NW_FLASH NW_STORED_WEIGHT *kernel,
                               const NW_FLASH NW_STORED_WEIGHT *recurrent, const NW_FLASH NW_LSTM_SUM *bias,
                               const NW_FLASH NW_LSTM_SUM *hidden_bias, const NW_LSTM_DATA *x,
                               const NW_LSTM_DATA *hidden, nw_i16 *values) {
  for (nw_i32 i = 0; i < p->cells; ++i) {
    NW_LSTM_SUM const of_data =
        NW_LSTM_PART(dot)(bias[i], NW_WEIGHTS_FROM(NW_WEIGHTS_IN(kernel), i * p->input_c), x, p->input_c);
    NW_LSTM_SUM const of_hidden = NW_LSTM_PART(dot)(
        hidden_bias[i], NW_WEIGHTS_FROM(NW_WEIGHTS_IN(recurrent), i * p->output_c), hidden, p->output_c);
    nw_i32 const first = lstm_sat16(NW_LSTM_RESCALE(p, of_data, p->input_multiplier[gate], p->input_shift[gate]));
    nw_i32 const second = NW_LSTM_RESCALE(p, of_hidden, p->hidden_multiplier[gate], p->hidden_shift[gate]);
    values[i] = (nw_i16)lstm_sat16(first + (p->fixed_point ? second : lstm_sat16(second)));
  }
}

/* What the cells give becomes the hidden state. `given` has room for it in the type of the data. */
static void NW_LSTM_PART(give)(const NW_FLASH nw_lstm_params *p, const NW_FLASH NW_STORED_WEIGHT *projection,
                               const NW_FLASH NW_LSTM_SUM *projection_bias, const nw_i16 *values, const nw_i16 *cell,
                               NW_LSTM_DATA *given, NW_LSTM_DATA *hidden) {
  NW_LSTM_DATA *const to = projection ? given : hidden;
  for (nw_i32 i = 0; i < p->cells; ++i) {
    nw_i32 const v = (nw_i32)values[i] * lstm_tanh(p, cell[i], (int)p->cell_bits);
    nw_i32 const scaled = lstm_rescale(p, v, p->output_multiplier, p->output_shift) + p->given_zero_point;
    to[i] = (NW_LSTM_DATA)nw_clamp(scaled, -NW_LSTM_TOP - 1, NW_LSTM_TOP);
  }
  if (!projection) return;
  for (nw_i32 o = 0; o < p->output_c; ++o) {
    NW_LSTM_SUM const sum = NW_LSTM_PART(dot)(
        projection_bias[o], NW_WEIGHTS_FROM(NW_WEIGHTS_IN(projection), o * p->cells), given, p->cells);
    nw_i32 v = NW_LSTM_RESCALE(p, sum, p->projection_multiplier, p->projection_shift) + p->hidden_zero_point;
    v = nw_clamp(v, -NW_LSTM_TOP - 1, NW_LSTM_TOP);
    if (p->projection_clip > 0) v = nw_clamp(v, -p->projection_clip, p->projection_clip);
    hidden[o] = (NW_LSTM_DATA)v;
  }
}

NW_LSTM_FUNCTION(NW_LSTM_NAME, NW_LSTM_DATA, NW_STORED_WEIGHT, NW_LSTM_SUM) {
  nw_i32 const n = p->cells;
  nw_i16 *const values = (nw_i16 *)scratch; /* gates [4, cells], what the cells give, and states that are not kept */
  NW_LSTM_DATA *const fresh_hidden = hidden ? (NW_LSTM_DATA *)0 : (NW_LSTM_DATA *)(values + 6 * n);
  nw_i16 *const fresh_cell = cell ? (nw_i16 *)0 : values + 5 * n;
  if (fresh_hidden) hidden = fresh_hidden;
  if (fresh_cell) cell = fresh_cell;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    for (nw_i32 i = 0; fresh_hidden && i < p->output_c; ++i) hidden[i] = (NW_LSTM_DATA)p->hidden_zero_point;
    for (nw_i32 i = 0; fresh_cell && i < n; ++i) cell[i] = 0;
    for (nw_i32 t = 0; t < p->time; ++t) {
      nw_i32 const row = b * p->batch_step + t * p->time_step;
      const NW_LSTM_DATA *const data = x + row * p->input_c;
      NW_LSTM_DATA *const result = out + row * p->output_c;
      if (kernel_input)
        NW_LSTM_PART(gate)(p, 0, kernel_input, recurrent_input, bias, hidden_bias, data, hidden, values);
      NW_LSTM_PART(gate)(p, 1, kernel_forget, recurrent_forget, bias + n, hidden_bias + n, data, hidden, values + n);
      NW_LSTM_PART(gate)
      (p, 2, kernel_cell, recurrent_cell, bias + 2 * n, hidden_bias + 2 * n, data, hidden, values + 2 * n);
      NW_LSTM_PART(gate)
      (p, 3, kernel_output, recurrent_output, bias + 3 * n, hidden_bias + 3 * n, data, hidden, values + 3 * n);
      if (kernel_input) lstm_finish_gate(p, 0, peephole, cell, values);
      lstm_finish_gate(p, 1, peephole ? peephole + n : peephole, cell, values + n);
      lstm_finish_gate(p, 2, (const NW_FLASH nw_i16 *)0, cell, values + 2 * n);
      lstm_update_cell(p, !kernel_input, values, cell);
      lstm_finish_gate(p, 3, peephole ? peephole + 3 * n : peephole, cell, values + 3 * n);
      NW_LSTM_PART(give)
      (p, projection, projection_bias, values + 3 * n, cell, (NW_LSTM_DATA *)(values + 4 * n), hidden);
      for (nw_i32 o = 0; o < p->output_c; ++o) result[o] = hidden[o];
    }
    if (!fresh_hidden) hidden += p->output_c;
    if (!fresh_cell) cell += n;
  }
}

#undef NW_LSTM_NAME
#undef NW_LSTM_DATA
#undef NW_WEIGHT
#undef NW_LSTM_SUM
#undef NW_LSTM_RESCALE
#undef NW_LSTM_TOP
#undef NW_LSTM_PART
