/* Body of the GRU; included once per type of data, see gru.c. Macros it takes (and undefines):
 *   NW_GRU_NAME, NW_GRU_PART(name)  functions to define
 *   NW_GRU_DATA, NW_GRU_SUM         types of the data, and of sums of products
 *   NW_WEIGHT                       that of weights (nw_weights.h)
 *   NW_GRU_TOP                      the largest value of the data's type */
NW_CELL_SUM(NW_GRU_PART(sum), NW_GRU_DATA, NW_GRU_SUM)

/* Where weights, biases and what is computed of them lie. */
typedef struct {
  const NW_FLASH nw_gru_params *p;
  const NW_FLASH NW_STORED_WEIGHT *kernel, *recurrent;
  const NW_FLASH NW_GRU_SUM *bias, *hidden_bias;
  nw_i16 *values;                     /* [3, units]: update gate, reset gate, candidate */
  NW_GRU_DATA *hidden, *reset_hidden; /* [units] */
} NW_GRU_PART(layer);

/* The sum of a row over the data. */
static nw_i32 NW_GRU_PART(of_data)(const NW_GRU_PART(layer) * l, int gate, nw_i32 row, const NW_GRU_DATA *x) {
  const NW_FLASH nw_gru_params *const p = l->p;
  NW_GRU_SUM const sum =
      NW_GRU_PART(sum)(l->bias + row, NW_WEIGHTS_FROM(NW_WEIGHTS_IN(l->kernel), row * p->input_c), x, p->input_c);
  return nw_cell_rescale(sum, p->input_factor[row], p->input_right[gate]);
}

/* The sum of a row over a hidden state. */
static nw_i32 NW_GRU_PART(of_hidden)(const NW_GRU_PART(layer) * l, int gate, nw_i32 row, const NW_GRU_DATA *hidden) {
  const NW_FLASH nw_gru_params *const p = l->p;
  NW_GRU_SUM const sum =
      NW_GRU_PART(sum)(l->hidden_bias ? l->hidden_bias + row : l->hidden_bias,
                       NW_WEIGHTS_FROM(NW_WEIGHTS_IN(l->recurrent), row * p->units), hidden, p->units);
  return nw_cell_rescale(sum, p->hidden_factor[row], p->hidden_right[gate]);
}

static void NW_GRU_PART(step)(const NW_GRU_PART(layer) * l, const NW_GRU_DATA *x, nw_i16 *state) {
  const NW_FLASH nw_gru_params *const p = l->p;
  nw_i32 const n = p->units;
  for (nw_i32 row = 0; row < 2 * n; ++row) {
    int const gate = row < n ? 0 : 1;
    nw_i32 const sum = NW_GRU_PART(of_data)(l, gate, row, x) + NW_GRU_PART(of_hidden)(l, gate, row, l->hidden);
    l->values[row] = (nw_i16)nw_cell_apply(&p->gate, p->squash, nw_clamp(sum, -p->sum_limit, p->sum_limit));
  }
  for (nw_i32 i = 0; !p->reset_after && i < n; ++i)
    l->reset_hidden[i] = (NW_GRU_DATA)nw_cell_give((nw_i32)l->values[n + i] * state[i], p->reset_multiplier,
                                                   p->reset_shift, p->hidden_zero_point, NW_GRU_TOP);
  for (nw_i32 i = 0; i < n; ++i) {
    nw_i32 part = NW_GRU_PART(of_hidden)(l, 2, 2 * n + i, p->reset_after ? l->hidden : l->reset_hidden), sum;
    if (p->reset_after) part = nw_cell_shift(l->values[n + i] * nw_clamp(part, -32767, 32767), 15);
    sum = NW_GRU_PART(of_data)(l, 2, 2 * n + i, x) + part;
    sum = nw_cell_apply(&p->candidate, p->squash, nw_clamp(sum, -p->candidate_limit, p->candidate_limit));
    l->values[2 * n + i] = (nw_i16)nw_cell_shift(sum, p->candidate_right);
  }
  for (nw_i32 i = 0; i < n; ++i) {
    nw_i32 const candidate = l->values[2 * n + i];
    nw_i32 const kept = nw_cell_shift(l->values[i] * (state[i] - candidate), 15);
    state[i] = (nw_i16)nw_clamp(candidate + kept, -32768, 32767);
    l->hidden[i] =
        (NW_GRU_DATA)nw_cell_give(state[i], p->output_multiplier, p->output_shift, p->hidden_zero_point, NW_GRU_TOP);
  }
}

NW_GRU_FUNCTION(NW_GRU_NAME, NW_GRU_DATA, NW_STORED_WEIGHT, NW_GRU_SUM) {
  nw_i32 const n = p->units;
  nw_i16 *const fresh = state ? (nw_i16 *)0 : (nw_i16 *)scratch + 3 * n;
  NW_GRU_PART(layer) l;
  l.p = p;
  l.kernel = kernel;
  l.recurrent = recurrent;
  l.bias = bias;
  l.hidden_bias = hidden_bias;
  l.values = (nw_i16 *)scratch;
  l.hidden = (NW_GRU_DATA *)(l.values + 4 * n);
  l.reset_hidden = (NW_GRU_DATA *)(l.values + 5 * n);
  if (fresh) state = fresh;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    for (nw_i32 i = 0; i < n; ++i) {
      if (fresh)
        state[i] = initial ? (nw_i16)nw_cell_give(initial[b * n + i] - p->initial_zero_point, p->initial_multiplier,
                                                  p->initial_shift, 0, 32767)
                           : 0;
      l.hidden[i] =
          (NW_GRU_DATA)nw_cell_give(state[i], p->output_multiplier, p->output_shift, p->hidden_zero_point, NW_GRU_TOP);
    }
    for (nw_i32 t = 0; t < p->time; ++t, x += p->input_c, out += n) {
      NW_GRU_PART(step)(&l, x, state);
      for (nw_i32 i = 0; i < n; ++i) out[i] = l.hidden[i];
    }
    for (nw_i32 i = 0; i < n; ++i)
      last[b * n + i] =
          (NW_GRU_DATA)nw_cell_give(state[i], p->last_multiplier, p->last_shift, p->last_zero_point, NW_GRU_TOP);
    if (!fresh) state += n;
  }
}

#undef NW_GRU_NAME
#undef NW_GRU_DATA
#undef NW_GRU_SUM
#undef NW_WEIGHT
#undef NW_GRU_TOP
#undef NW_GRU_PART
