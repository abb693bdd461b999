#include "helium/helium_lstm.h"

#include "helium/helium_copy.h"
#include "helium/helium_halves.h"

/* How the sums of a gate become numbers of 16 bits. */
typedef struct {
  nw_i32 multiplier, left, right, away; /* away: -1 where something is shifted to the right, else 0 */
} nw_gate_scale;

static NW_INLINE nw_gate_scale nw_gate_scale_of(nw_i32 multiplier, int shift) {
  nw_gate_scale s;
  s.multiplier = multiplier;
  s.left = shift > 0 ? shift : 0;
  s.right = shift > 0 ? 0 : -shift;
  s.away = s.right > 0 ? -1 : 0;
  return s;
}

/* nw_requantize_double of four sums, in 16 bits. */
static NW_INLINE nw_words nw_scaled_sums(nw_words sums, const nw_gate_scale *s) {
  nw_words const v = nw_high_words_away(nw_scalar_shift(sums, s->left), s->multiplier, s->away);
  return nw_in_16_bits(nw_rounded_down_by(v, s->right));
}

/* The sums of four rows, whose weights and beginnings end where `*weights` and `*begins` are moved to. */
static NW_INLINE nw_words nw_four_rows(const nw_i8 *row, nw_i32 vectors, const nw_i8 **weights, const nw_i32 **begins) {
  const nw_i8 *w = *weights;
  nw_i32 a = (*begins)[0], b = (*begins)[1], c = (*begins)[2], d = (*begins)[3];
  *begins += 4;
  do {
    nw_bytes const v = nw_next_bytes(&row);
    a = nw_dot_more(a, v, nw_next_bytes(&w));
    b = nw_dot_more(b, v, nw_next_bytes(&w));
    c = nw_dot_more(c, v, nw_next_bytes(&w));
    d = nw_dot_more(d, v, nw_next_bytes(&w));
  } while (--vectors != 0);
  *weights = w;
  return nw_four_words(a, b, c, d);
}

/* sigmoid of three times Q3.12 numbers: nw_table_logistic_16. */
static NW_INLINE nw_words nw_sigmoid_words(const nw_u16 *table, nw_words v) {
  nw_words const size = nw_absolute(v), at = nw_scalar_shift(size, -9);
  nw_words const low = nw_looked_up_halves(table, at), high = nw_looked_up_halves(table + 1, at);
  nw_words const part = nw_products(nw_low_bits(size, 511), nw_differences(high, low));
  nw_words const y = nw_sums(nw_scalar_shift(low, 9), part);
  nw_words const below = nw_differences(nw_same_words(((nw_i32)1 << 25) + 511), y);
  return nw_scalar_shift(nw_by_sign(v, below, nw_plus_scalar(y, 512)), -10);
}

/* nw_table_tanh_16 */
static NW_INLINE nw_words nw_tanh_words(const nw_u16 *table, nw_words v) {
  nw_words const size = nw_absolute(v), at = nw_at_most(nw_scalar_shift(size, -8), 254);
  nw_words const low = nw_looked_up_halves(table, at), high = nw_looked_up_halves(table + 1, at);
  nw_words const part = nw_products(nw_low_bits(size, 255), nw_differences(high, low));
  nw_words y = nw_sums(nw_scalar_shift(low, 8), part);
  y = nw_where_at_least(size, 255 << 8, nw_same_words((nw_i32)0xFFFF << 8), y);
  y = nw_plus_scalar(y, -((nw_i32)1 << 23));
  return nw_scalar_shift(nw_by_sign(v, nw_differences(nw_same_words(127), y), nw_plus_scalar(y, 128)), -8);
}

/* nw_requantize_double of products and 2^30, with a shift of -shift, in 16 bits. */
static NW_INLINE nw_words nw_cell_products(nw_words a, nw_words b, nw_i32 shift) {
  nw_words const v = nw_scalar_shift(nw_plus_scalar(nw_products(a, b), 1), -1);
  return nw_in_16_bits(nw_rounded_down_by(nw_sums(v, nw_scalar_shift(v, -31)), shift));
}

static NW_NOINLINE void nw_lstm_gate_sums(const nw_lstm_params *p, const nw_i8 *data, const nw_i8 *hidden,
                                          const nw_i8 *weights, const nw_i32 *begins, nw_i16 *values) {
  nw_i32 const n = p->cells, data_vectors = NW_WHOLE_VECTORS(p->input_c) / 16,
               hidden_vectors = NW_WHOLE_VECTORS(n) / 16;
  for (int g = 0; g < NW_LSTM_GATES; ++g) {
    nw_gate_scale const of_data = nw_gate_scale_of(p->input_multiplier[g], p->input_shift[g]);
    nw_gate_scale const of_hidden = nw_gate_scale_of(p->hidden_multiplier[g], p->hidden_shift[g]);
    for (nw_i32 i = 0; i < n; i += 4, values += 4) {
      nw_words const first = nw_scaled_sums(nw_four_rows(data, data_vectors, &weights, &begins), &of_data);
      nw_words const second = nw_scaled_sums(nw_four_rows(hidden, hidden_vectors, &weights, &begins), &of_hidden);
      nw_put_first_halves(values, nw_in_16_bits(nw_sums(first, second)), 4);
    }
  }
}

/* values: the sums of gates, each of `step` elements; hidden and out take what the cells give. */
static NW_NOINLINE void nw_lstm_cells(const nw_lstm_params *p, const nw_u16 *table, const nw_i16 *values, nw_i32 step,
                                      nw_i16 *cell, nw_i8 *hidden, nw_i8 *out) {
  nw_i32 const bits = p->cell_bits, most = p->cell_clip >= 0 ? p->cell_clip : 32767,
               least = p->cell_clip >= 0 ? -p->cell_clip : -32768;
  /* three times a cell's value, in the unit of the table */
  nw_i32 const times = bits > 3 ? (nw_i32)3 << (bits - 3) : 3, less = bits < 3 ? 3 - bits : 0;
  for (nw_i32 left = p->cells; left > 0; left -= 4, values += 4, cell += 4, hidden += 4, out += 4) {
    nw_words const input = nw_sigmoid_words(table, nw_times(nw_first_halves(values, 4), 3));
    nw_words const forget = nw_sigmoid_words(table, nw_times(nw_first_halves(values + step, 4), 3));
    nw_words const fresh = nw_tanh_words(table, nw_times(nw_first_halves(values + 2 * step, 4), 3));
    nw_words const given = nw_sigmoid_words(table, nw_times(nw_first_halves(values + 3 * step, 4), 3));
    nw_words v =
        nw_sums(nw_cell_products(forget, nw_first_halves(cell, left), 14), nw_cell_products(input, fresh, 14 + bits));
    v = nw_limited(v, nw_same_words(least), nw_same_words(most));
    nw_put_first_halves(cell, v, left);
    v = nw_products(given, nw_tanh_words(table, nw_rounded_down_by(nw_times(v, times), less)));
    v = nw_rounded_shift(nw_high_words_away(v, p->output_multiplier, -1), p->output_shift);
    v = nw_saturated(nw_plus_scalar(v, p->given_zero_point));
    nw_put_first_narrowed(hidden, v, left);
    nw_put_first_narrowed(out, v, left);
  }
}

void nw_helium_lstm_i8(const nw_lstm_params *p, const nw_i8 *x, const nw_i8 *weights, const nw_i32 *begins,
                       const nw_u16 *table, nw_i8 *hidden, nw_i16 *cell, nw_i8 *out, void *scratch) {
  nw_i32 const n = p->cells, step = (n + 3) / 4 * 4;
  nw_i16 *const values = (nw_i16 *)scratch; /* gates [4, step], and states that are not kept */
  nw_i16 *const fresh_cell = cell ? (nw_i16 *)0 : values + 4 * step;
  nw_i8 *const data_row = (nw_i8 *)(values + 4 * step + n), *const hidden_row = data_row + NW_WHOLE_VECTORS(p->input_c);
  nw_i8 *const fresh_hidden = hidden ? (nw_i8 *)0 : hidden_row + NW_WHOLE_VECTORS(n);
  if (fresh_cell) cell = fresh_cell;
  if (fresh_hidden) hidden = fresh_hidden;
  for (nw_i32 b = 0; b < p->batch; ++b) {
    for (nw_i32 i = 0; fresh_hidden && i < n; ++i) hidden[i] = (nw_i8)p->hidden_zero_point;
    for (nw_i32 i = 0; fresh_cell && i < n; ++i) cell[i] = 0;
    for (nw_i32 t = 0; t < p->time; ++t) {
      nw_i32 const row = b * p->batch_step + t * p->time_step;
      nw_copy_to_vectors(data_row, x + row * p->input_c, p->input_c);
      nw_copy_to_vectors(hidden_row, hidden, n);
      nw_lstm_gate_sums(p, data_row, hidden_row, weights, begins, values);
      nw_lstm_cells(p, table, values, step, cell, hidden, out + row * n);
    }
    if (!fresh_hidden) hidden += n;
    if (!fresh_cell) cell += n;
  }
}
