/* GRU_SEQUENCE on integers: 8- or 16-bit data and results, 8-bit weights with one scale for each row (of other
 * widths: gru_widths.h), 16-bit state.
 *
 * A step, for each unit, with x the data, s the 16-bit state and h what results hold of it (gates g: 0 update, 1 reset,
 * 2 candidate; W and R the rows of a gate's weights, b and c its biases):
 *   gate[g] = gate(limit(data[g](b[g] + W[g] . x) + hidden[g](c[g] + R[g] . h), sum_limit)) for g in 0, 1: Q0.15
 *   sum     = data[2](b[2] + W[2] . x) + part, where
 *     part  = gate[1] * limit(hidden[2](c[2] + R[2] . h), 32767) * 2^-15 with reset_after, or else
 *     part  = hidden[2](c[2] + R[2] . k), k being reset(gate[1] * s) + hidden_zero_point, limited to the data's type
 *   n       = candidate(limit(sum, candidate_limit)) * 2^-candidate_right, which has the state's scale
 *   s       = limit16(n + gate[0] * (s - n) * 2^-15)
 *   h       = output(s) + hidden_zero_point, limited to the data's type
 * limit(v, m) is v in [-m, m]; products with powers of two are rounded once, ties up; data[g] and hidden[g] are
 * nw_cell_rescale with the factors of the row; reset and output nw_requantize_single. Biases hold what zero points
 * contribute. */
#ifndef NARROW_GRU_H
#define NARROW_GRU_H

#include "nw_types.h"
#include "nw_weights.h"
#include "portable/recurrent/cell.h"

#define NW_GRU_GATES 3

typedef struct {
  nw_cell_function gate, candidate;
  const NW_FLASH nw_i16 *input_factor, *hidden_factor; /* [3, units], of sums */
  const NW_FLASH nw_u16 *squash;                       /* as in nw_squash16_params; null where no function needs it */
  nw_i32 batch, time;                                  /* at least 1, as are the next two */
  nw_i32 input_c, units;
  nw_i32 reset_after;                /* 0 or 1 */
  nw_i32 sum_limit, candidate_limit; /* [1, 32767] */
  int candidate_right;               /* [0, 15] */
  nw_i32 hidden_zero_point;          /* [-128, 127]; 0 in 16 bits, as are the next two */
  nw_i32 last_zero_point;            /* of the last hidden state, which may have another scale */
  nw_i32 initial_zero_point;         /* of the values with which samples begin */
  int input_right[NW_GRU_GATES];     /* [1, 46], of sums over data; over the hidden state likewise */
  int hidden_right[NW_GRU_GATES];
  nw_i32 reset_multiplier;  /* of the reset gate times the state; [2^30, 2^31 - 1] or 0, as are all multipliers */
  int reset_shift;          /* [-31, 30], as are all shifts */
  nw_i32 output_multiplier; /* of the state, to what results hold of it */
  int output_shift;
  nw_i32 last_multiplier; /* likewise, to the last hidden state */
  int last_shift;
  nw_i32 initial_multiplier; /* of the values with which samples begin, to the state */
  int initial_shift;
} nw_gru_params;

/* Data [batch, time, input_c]; weights on the data [3, units, input_c] and on the hidden state [3, units, units];
 * biases [3, units] of both, the second of which may be null for zeros; values with which samples begin [batch, units],
 * and state [batch, units], which goes on from one call to the next: at least one of them is null, and samples begin
 * with zeros where both are; output [batch, time, units]; last hidden state [batch, units]; scratch: 6 * units elements
 * of nw_i16. */
#define NW_GRU_FUNCTION(name, data, weight, sum)                                                         \
  void name(const NW_FLASH nw_gru_params *p, const data *x, const NW_FLASH weight *kernel,               \
            const NW_FLASH weight *recurrent, const NW_FLASH sum *bias, const NW_FLASH sum *hidden_bias, \
            const data *initial, nw_i16 *state, data *out, data *last, void *scratch)

NW_GRU_FUNCTION(nw_gru_i8, nw_i8, nw_i8_stored, nw_i32);
NW_GRU_FUNCTION(nw_gru_i16, nw_i16, nw_i8_stored, nw_i64);

#endif
