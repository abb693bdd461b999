/* UNIDIRECTIONAL_SEQUENCE_LSTM on integers: 8- or 16-bit data, results and hidden state, 8-bit weights, 16-bit cell
 * state and gates.
 *
 * A step, for each cell, with h the hidden state of the step before (gates g: 0 input, 1 forget, 2 cell, 3 output):
 *   sum[g]  = sat16(rescale(bias[g] + kernel[g] . x, input[g])) + rescale(hidden_bias[g] + recurrent[g] . h, hidden[g])
 *             + rescale(peephole[g] * cell, peephole[g]), each addition saturated to 16 bits: Q3.12
 *   gate[g] = sigmoid(sum[g]), of gate 2 tanh(sum[2]): Q0.15; without weights of gate 0, gate[0] = 32767 - gate[1]
 *   cell    = sat16(gate[1] * cell * 2^-15 + gate[0] * gate[2] * 2^(-15 - cell_bits)), limited to +-cell_clip
 *   given   = rescale(gate[3] * tanh(cell), output) + given_zero_point, saturated to the data's type
 *   h       = given; with a projection sat(rescale(projection_bias + projection . given, projection) +
 *             hidden_zero_point), limited to +-projection_clip
 * The biases hold what the zero points of x, h and `given` contribute. The output gate's peephole sees the new cell.
 *
 * fixed_point = 1 (LiteRT): functions as in fixed_point.h, products with the cell rounded once, ties away from zero,
 * the second addend of a sum not saturated by itself. 0 (TFLM): functions of `table`, as LOGISTIC and TANH of 16 bits
 * have it, products rescaled by nw_requantize_double, both addends saturated. rescale is nw_requantize_double; of the
 * sums over 16-bit data nw_requantize_wide.
 * With layer normalization a gate's sums have any unit, and become Q3.12 before its function: with
 *   mean = trunc(1024 * the sum of all cells' sums / cells), variance = trunc((the sum of their squares *
 *   trunc(2^20 / cells) - mean^2) / 2^20), or norm_guard where that is below 1, and
 *   v = rescale(1024 * sum - mean, 1 / sqrt(variance)) * norm + norm_bias:
 *   sat16(rescale(trunc((v +- 512) / 1024), norm)), +512 where v > 0.
 * half_up = 1: as fixed_point = 0, but all products and rescaled numbers are rounded once, ties up
 * (nw_requantize_single in place of nw_requantize_double). */
#ifndef NARROW_LSTM_H
#define NARROW_LSTM_H

#include "nw_types.h"
#include "nw_weights.h"

#define NW_LSTM_GATES 4

typedef struct {
  nw_i32 batch, time; /* at least 1, as are the next three */
  nw_i32 batch_step,
      time_step; /* rows of data, and of results, from a sample to the next, and from a step to the next */
  nw_i32 input_c, cells, output_c;            /* output_c = cells without a projection */
  nw_i32 cell_bits;                           /* [0, 6]: the cell state's scale is 2^(cell_bits - 15) */
  nw_i32 cell_clip;                           /* [0, 32767]; -1: none */
  nw_i32 given_zero_point, hidden_zero_point; /* [-128, 127]; 0 in 16 bits */
  nw_i32 projection_clip;                     /* [1, 127], or 32767; 0: none */
  nw_i32 fixed_point, half_up;                /* 0 or 1, not both 1 */
  nw_i32 input_multiplier[NW_LSTM_GATES];     /* [2^30, 2^31 - 1] or 0, likewise all multipliers */
  int input_shift[NW_LSTM_GATES];             /* [-31, 30], likewise all shifts */
  nw_i32 hidden_multiplier[NW_LSTM_GATES];
  int hidden_shift[NW_LSTM_GATES];
  nw_i32 peephole_multiplier[NW_LSTM_GATES];
  int peephole_shift[NW_LSTM_GATES];
  nw_i32 output_multiplier;
  int output_shift;
  nw_i32 projection_multiplier;
  int projection_shift;
  nw_i32 norm_multiplier[NW_LSTM_GATES]; /* of layer normalization, as are the two below */
  int norm_shift[NW_LSTM_GATES];
  nw_i32 norm_guard[NW_LSTM_GATES]; /* at least 1: the variance of sums that have none */
  const NW_FLASH nw_u16 *table;     /* as in nw_squash16_params; null where fixed_point is 1 */
  const NW_FLASH nw_i16 *norm;      /* [4, cells], or null: no layer normalization; cells are 4,096 at most with it */
  const NW_FLASH nw_i32 *norm_bias; /* [4, cells], within +-2^30; null where norm is */
} nw_lstm_params;

/* Data [batch, time, input_c] or, as the steps say, [time, batch, input_c]; weights of the four gates on the data
 * [cells, input_c] and on the hidden state [cells, output_c], null for gate 0 where it follows from gate 1; biases
 * [4, cells] of both; peepholes [4, cells] or null; projection [output_c, cells] and its bias [output_c], or null both;
 * hidden state [batch, output_c] and cell state [batch, cells], which change, or null, then samples begin with zeros;
 * output [batch, time, output_c]; scratch: 6 * cells + output_c elements of nw_i16. */
#define NW_LSTM_FUNCTION(name, data, weight, sum)                                                                    \
  void name(const NW_FLASH nw_lstm_params *p, const data *x, const NW_FLASH weight *kernel_input,                    \
            const NW_FLASH weight *kernel_forget, const NW_FLASH weight *kernel_cell,                                \
            const NW_FLASH weight *kernel_output, const NW_FLASH weight *recurrent_input,                            \
            const NW_FLASH weight *recurrent_forget, const NW_FLASH weight *recurrent_cell,                          \
            const NW_FLASH weight *recurrent_output, const NW_FLASH sum *bias, const NW_FLASH sum *hidden_bias,      \
            const NW_FLASH nw_i16 *peephole, const NW_FLASH weight *projection, const NW_FLASH sum *projection_bias, \
            data *hidden, nw_i16 *cell, data *out, void *scratch)

NW_LSTM_FUNCTION(nw_lstm_i8, nw_i8, nw_i8_stored, nw_i32);
NW_LSTM_FUNCTION(nw_lstm_i16, nw_i16, nw_i8_stored, nw_i64);

#endif
