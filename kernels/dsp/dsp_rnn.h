/* RNN, UNIDIRECTIONAL_SEQUENCE_RNN and RNN_SEQUENCE of int8 for processors with the DSP extension: four sums at a time.
 *
 * Results are those of nw_rnn_i8. The shift of results is below 0. weights: the rows that data is multiplied with, then
 * those of the hidden state, as in dsp_gru.h. initial, state, out, last: as for nw_rnn_i8. scratch:
 * NW_DSP_RNN_SCRATCH(input_c, units) bytes, aligned to a word. */
#ifndef NARROW_DSP_RNN_H
#define NARROW_DSP_RNN_H

#include "portable/recurrent/rnn.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Data and hidden state in lanes, a number of each of whole fours of units, and a state that is not kept. */
#define NW_DSP_RNN_SCRATCH(input_c, units) \
  (2 * (((input_c) + 7) / 8 * 8 + ((units) + 7) / 8 * 8) + 4 * (((units) + 3) / 4 * 4) + (units))

void nw_dsp_rnn_i8(const nw_rnn_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i8 *initial, nw_i8 *state,
                   nw_i8 *out, nw_i8 *last, void *scratch);
void nw_dsp_rnn_i8_wide(const nw_rnn_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i8 *initial,
                        nw_i8 *state, nw_i8 *out, nw_i8 *last, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
