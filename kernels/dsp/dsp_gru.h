/* GRU_SEQUENCE of int8 for processors with the DSP extension: four sums at a time.
 *
 * Results are those of nw_gru_i8. Shifts of the reset gate's product and of results are below 0.
 * weights: of the update gate, the reset gate and the candidate, first the rows that data is multiplied with, then
 * those of the hidden state; of each four units (the last ones padded with zeros) the words of dsp_cell_sums.h, of
 * which sums begin at the biases of nw_gru_i8; they are 256 times (nw_dsp_gru_i8, folded weights) or twice
 * (nw_dsp_gru_i8_wide) what they are there, which has less than 24 and 30 bits. Factors are those of nw_gru_params,
 * which are not read themselves, times 2^max(0, 24 - right) or 2^max(0, 31 - right), right being in [8, 32] or [15,
 * 32]. initial, state, out, last: as for nw_gru_i8. scratch: NW_DSP_GRU_SCRATCH(input_c, units) bytes, aligned to a
 * word. */
#ifndef NARROW_DSP_GRU_H
#define NARROW_DSP_GRU_H

#include "portable/recurrent/gru.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Data and hidden state in lanes, four numbers of each of whole fours of units, a state that is not kept, and results.
 */
#define NW_DSP_GRU_SCRATCH(input_c, units) \
  (2 * (((input_c) + 7) / 8 * 8 + ((units) + 7) / 8 * 8) + 16 * (((units) + 3) / 4 * 4) + 3 * (units))

void nw_dsp_gru_i8(const nw_gru_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i8 *initial, nw_i16 *state,
                   nw_i8 *out, nw_i8 *last, void *scratch);
void nw_dsp_gru_i8_wide(const nw_gru_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i8 *initial,
                        nw_i16 *state, nw_i8 *out, nw_i8 *last, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
