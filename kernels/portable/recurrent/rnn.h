/* RNN, UNIDIRECTIONAL_SEQUENCE_RNN and RNN_SEQUENCE on integers: 8- or 16-bit data, results and hidden state, 8-bit
 * weights with one scale for each row (of other widths: rnn_widths.h).
 *
 * A step, for each unit, with x the data, h the hidden state, W and R a row of the weights, b and c its biases:
 *   v = function(limit(data(b + W . x) + hidden(c + R . h), sum_limit))
 *   h = output(v) + hidden_zero_point, limited to the data's type
 * limit(v, m) is v in [-m, m]; data and hidden are nw_cell_rescale with the factors of the row, output is
 * nw_requantize_single. The biases hold what zero points contribute. */
#ifndef NARROW_RNN_H
#define NARROW_RNN_H

#include "nw_types.h"
#include "nw_weights.h"
#include "portable/recurrent/cell.h"

typedef struct {
  nw_cell_function function;
  const NW_FLASH nw_i16 *input_factor, *hidden_factor; /* [units], of sums */
  const NW_FLASH nw_u16 *squash; /* as in nw_squash16_params; null where the function has no need */
  nw_i32 batch, time;            /* at least 1, as are the next four */
  nw_i32 batch_step,
      time_step; /* rows of data, and of results, from a sample to the next, and from a step to the next */
  nw_i32 input_c, units;
  nw_i32 sum_limit;          /* [1, 32767] */
  nw_i32 hidden_zero_point;  /* [-128, 127]; 0 in 16 bits, as are the next two */
  nw_i32 last_zero_point;    /* of the last hidden state, which may have another scale */
  nw_i32 initial_zero_point; /* of the values with which samples begin */
  int input_right;           /* [1, 46], of sums over data; over the hidden state likewise */
  int hidden_right;
  nw_i32
      output_multiplier; /* of the function's results, to the hidden state; [2^30, 2^31 - 1] or 0, as all multipliers */
  int output_shift;      /* [-31, 30], as are all shifts */
  nw_i32 last_multiplier; /* likewise, to the last hidden state */
  int last_shift;
  nw_i32 initial_multiplier; /* of the values with which samples begin, to the hidden state */
  int initial_shift;
} nw_rnn_params;

/* Data [batch, time, input_c] or, as the steps say, [time, batch, input_c]; weights on the data [units, input_c] and on
 * the hidden state [units, units]; biases [units] of both, the second of which may be null for zeros; values with which
 * samples begin [batch, units], and hidden state [batch, units], which goes on from one call to the next: at least one
 * of them is null, and samples begin with zeros where both are; output, like the data; last hidden state
 * [batch, units], or null; scratch: 2 * units elements of nw_i16. */
#define NW_RNN_FUNCTION(name, data, weight, sum)                                                         \
  void name(const NW_FLASH nw_rnn_params *p, const data *x, const NW_FLASH weight *kernel,               \
            const NW_FLASH weight *recurrent, const NW_FLASH sum *bias, const NW_FLASH sum *hidden_bias, \
            const data *initial, data *state, data *out, data *last, void *scratch)

NW_RNN_FUNCTION(nw_rnn_i8, nw_i8, nw_i8_stored, nw_i32);
NW_RNN_FUNCTION(nw_rnn_i16, nw_i16, nw_i8_stored, nw_i64);

#endif
