/* LSTM_SEQUENCE on integers: 8- or 16-bit data, results and hidden state, 8-bit weights with one scale for each row
 * (of other widths: lstm_sequence_widths.h), 16-bit cell state.
 *
 * A step, for each unit, with x the data, h the hidden state and c the cell state (gates g: 0 input, 1 forget, 2 cell,
 * 3 output; W and R the rows of a gate's weights, b and d its biases):
 *   sum[g]  = data[g](b[g] + W[g] . x) + hidden[g](d[g] + R[g] . h), of gates 0, 1 and 3 + peephole(P[g] * c)
 *   gate[g] = gate(limit(sum[g], sum_limit)): Q0.15; of gate 2 candidate(limit(sum[2], candidate_limit))
 *   c       = limit16(gate[1] * c * 2^-15 + gate[0] * gate[2] * 2^-candidate_right); gate 3 sees the new one
 *   v       = gate[3] * output(c * 2^-cell_right), the function's operand limited to 32767
 *   h       = result(v) + hidden_zero_point, limited to the data's type
 * limit(v, m) is v in [-m, m]; products with powers of two are rounded once, ties up; data[g] and hidden[g] are
 * nw_cell_rescale with the factors of the row; peephole and result nw_requantize_single. Biases hold what zero points
 * contribute. */
#ifndef NARROW_LSTM_SEQUENCE_H
#define NARROW_LSTM_SEQUENCE_H

#include "nw_types.h"
#include "nw_weights.h"
#include "portable/recurrent/cell.h"

#define NW_LSTM_SEQUENCE_GATES 4

typedef struct {
  nw_cell_function gate, candidate, output;
  const NW_FLASH nw_i16 *input_factor, *hidden_factor; /* [4, units], of sums */
  const NW_FLASH nw_u16 *squash;                       /* as in nw_squash16_params; null where no function needs it */
  nw_i32 batch, time;                                  /* at least 1, as are the next two */
  nw_i32 input_c, units;
  nw_i32 sum_limit, candidate_limit;                         /* [1, 32767] */
  int candidate_right;                                       /* [15, 30] */
  int cell_right;                                            /* [-12, 3]; a negative one shifts to the left */
  nw_i32 hidden_zero_point;                                  /* [-128, 127]; 0 in 16 bits, as are the next four */
  nw_i32 last_hidden_zero_point, last_cell_zero_point;       /* of the last states, which may have other scales */
  nw_i32 initial_hidden_zero_point, initial_cell_zero_point; /* of the values with which samples begin */
  int input_right[NW_LSTM_SEQUENCE_GATES]; /* [1, 46], of sums over data; over the hidden state likewise */
  int hidden_right[NW_LSTM_SEQUENCE_GATES];
  nw_i32 peephole_multiplier; /* [2^30, 2^31 - 1] or 0, as are all multipliers */
  int peephole_shift;         /* [-31, 30], as are all shifts */
  nw_i32 output_multiplier;   /* of the output gate times what the function gives, to the hidden state */
  int output_shift;
  nw_i32 last_hidden_multiplier; /* likewise, to the last hidden state */
  int last_hidden_shift;
  nw_i32 last_cell_multiplier; /* of the cell state, to the last one */
  int last_cell_shift;
  nw_i32 initial_hidden_multiplier; /* of the values with which samples begin, to the states */
  int initial_hidden_shift;
  nw_i32 initial_cell_multiplier;
  int initial_cell_shift;
} nw_lstm_sequence_params;

/* Data [batch, time, input_c]; weights on the data [4, units, input_c] and on the hidden state [4, units, units];
 * biases [4, units] of both, the second of which may be null for zeros; peepholes [3, units] of gates 0, 1 and 3, or
 * null; values with which samples begin, and states which go on from one call to the next, [batch, units] each: of the
 * hidden state at least one of them is null, and samples begin with zeros where both are, and so of the cell state;
 * output [batch, time, units]; last hidden and last cell state [batch, units]; scratch: 7 * units elements of nw_i16.
 */
#define NW_LSTM_SEQUENCE_FUNCTION(name, data, weight, sum)                                                             \
  void name(const NW_FLASH nw_lstm_sequence_params *p, const data *x, const NW_FLASH weight *kernel,                   \
            const NW_FLASH weight *recurrent, const NW_FLASH sum *bias, const NW_FLASH sum *hidden_bias,               \
            const NW_FLASH nw_i16 *peephole, const data *initial_hidden, const data *initial_cell, data *hidden_state, \
            nw_i16 *cell_state, data *out, data *last_hidden, data *last_cell, void *scratch)

NW_LSTM_SEQUENCE_FUNCTION(nw_lstm_sequence_i8, nw_i8, nw_i8_stored, nw_i32);
NW_LSTM_SEQUENCE_FUNCTION(nw_lstm_sequence_i16, nw_i16, nw_i8_stored, nw_i64);

#endif
