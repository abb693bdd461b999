/* The loops of dsp_lstm.c for one width of weights; no include guard. Define first: NW_GATE, NW_STEP and NW_LSTM, the
 * names of the functions, NW_FOUR, that of dsp_four_of_row.h, and NW_WIDE_WEIGHTS, 1 where weights are lanes; all are
 * undefined again at the end. */

/* Four sums in 16 bits, as two words of lanes. */
#if NW_WIDE_WEIGHTS
#define NW_SCALED(sum) nw_lstm_scaled((nw_i32)((nw_u32)(sum) << up), multiplier, half, away, down)
#else
#define NW_SCALED(sum) nw_lstm_scaled(NW_FLOOR_SHIFT(sum, up), multiplier, half, away, down)
#endif

/* The sums of one gate over a row, or what they add to `values`; their weights end where the returned ones begin. */
static NW_NOINLINE const nw_u32 *NW_GATE(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights, nw_i32 multiplier,
                                         int shift, nw_i32 cells, nw_i32 add, nw_i16 *values) {
  nw_i32 const left = shift > 0 ? shift : 0, down = shift > 0 ? 0 : -shift;
  nw_i32 const half = ((nw_i32)1 << down) >> 1, away = down > 0 ? -1 : 0;
  nw_i32 const up = NW_WIDE_WEIGHTS ? left : 7 - left;
  for (; cells > 0; cells -= 4, values += 4) {
    const nw_u32 *at = row;
    nw_u32 begin_a, begin_b, begin_c, begin_d;
    nw_four_sums s;
    weights = nw_four_words(weights, &begin_a, &begin_b, &begin_c, &begin_d);
    s.a = (nw_i32)begin_a;
    s.b = (nw_i32)begin_b;
    s.c = (nw_i32)begin_c;
    s.d = (nw_i32)begin_d;
    do {
      NW_FOUR(&at, &weights, &s);
      NW_FOUR(&at, &weights, &s);
    } while (at != end);
    nw_u32 first = nw_word(NW_SCALED(s.a), NW_SCALED(s.b)), second = nw_word(NW_SCALED(s.c), NW_SCALED(s.d));
    if (add) {
      first = nw_plus_lanes(first, nw_two_halfwords(values));
      second = nw_plus_lanes(second, nw_two_halfwords(values + 2));
    }
    nw_put_two_halfwords(values, first);
    nw_put_two_halfwords(values + 2, second);
  }
  return weights;
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
      for (nw_u32 *z = NW_SPREAD_ROW(data_row, x + row * p->input_c, p->input_c); z < data_end; ++z) *z = 0;
      for (nw_u32 *z = NW_SPREAD_ROW(hidden_row, hidden, n); z < hidden_end; ++z) *z = 0;
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

#undef NW_SCALED
#undef NW_SPREAD_ROW
#undef NW_GATE
#undef NW_LSTM
#undef NW_FOUR
#undef NW_WIDE_WEIGHTS
