/* Body of the layer without gates; included once per type of data, see rnn.c. Macros it takes (and undefines):
 *   NW_RNN_NAME, NW_RNN_PART(name)  functions to define
 *   NW_RNN_DATA, NW_RNN_SUM         types of the data, and of sums of products
 *   NW_WEIGHT                       that of weights (nw_weights.h)
 *   NW_RNN_TOP                      the largest value of the data's type */
NW_CELL_SUM(NW_RNN_PART(sum), NW_RNN_DATA, NW_RNN_SUM)

NW_RNN_FUNCTION(NW_RNN_NAME, NW_RNN_DATA, NW_STORED_WEIGHT, NW_RNN_SUM) {
  nw_i32 const n = p->units;
  nw_i16 *const values = (nw_i16 *)scratch; /* what the function gives, and a hidden state that is not kept */
  NW_RNN_DATA *const fresh = state ? (NW_RNN_DATA *)0 : (NW_RNN_DATA *)(values + n);
  NW_RNN_DATA *hidden = fresh ? fresh : state;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    for (nw_i32 i = 0; fresh && i < n; ++i)
      hidden[i] =
          (NW_RNN_DATA)(initial ? nw_cell_give(initial[b * n + i] - p->initial_zero_point, p->initial_multiplier,
                                               p->initial_shift, p->hidden_zero_point, NW_RNN_TOP)
                                : p->hidden_zero_point);
    for (nw_i32 t = 0; t < p->time; ++t) {
      nw_i32 const row = b * p->batch_step + t * p->time_step;
      for (nw_i32 i = 0; i < n; ++i) {
        NW_RNN_SUM const of_data = NW_RNN_PART(sum)(bias + i, NW_WEIGHTS_FROM(NW_WEIGHTS_IN(kernel), i * p->input_c),
                                                    x + row * p->input_c, p->input_c);
        NW_RNN_SUM const of_hidden = NW_RNN_PART(sum)(hidden_bias ? hidden_bias + i : hidden_bias,
                                                      NW_WEIGHTS_FROM(NW_WEIGHTS_IN(recurrent), i * n), hidden, n);
        nw_i32 const sum = nw_cell_rescale(of_data, p->input_factor[i], p->input_right) +
                           nw_cell_rescale(of_hidden, p->hidden_factor[i], p->hidden_right);
        values[i] = (nw_i16)nw_cell_apply(&p->function, p->squash, nw_clamp(sum, -p->sum_limit, p->sum_limit));
      }
      for (nw_i32 i = 0; i < n; ++i) {
        hidden[i] = (NW_RNN_DATA)nw_cell_give(values[i], p->output_multiplier, p->output_shift, p->hidden_zero_point,
                                              NW_RNN_TOP);
        out[row * n + i] = hidden[i];
      }
    }
    for (nw_i32 i = 0; last && i < n; ++i)
      last[b * n + i] =
          (NW_RNN_DATA)nw_cell_give(values[i], p->last_multiplier, p->last_shift, p->last_zero_point, NW_RNN_TOP);
    if (!fresh) hidden += n;
  }
}

#undef NW_RNN_NAME
#undef NW_RNN_DATA
#undef NW_RNN_SUM
#undef NW_WEIGHT
#undef NW_RNN_TOP
#undef NW_RNN_PART
