/* UNIDIRECTIONAL_SEQUENCE_LSTM of int8 for processors with the DSP extension: four sums at a time.
 *
 * Results are those of nw_lstm_i8 with fixed_point 0 and four gates, without peepholes and projection, so that
 * output_c = cells. Shifts are in [-22, 7], that of the output in [-23, -1].
 * weights: for each gate first the rows that data is multiplied with, then those of the hidden state; of each four
 * cells (the last ones padded with zeros) four words where sums begin, and then the words of dsp_fully_connected.h.
 * Sums begin at the biases of nw_lstm_i8; they are 256 times (nw_dsp_lstm_i8, folded weights), or twice
 * (nw_dsp_lstm_i8_wide) what they are there, which has less than 24 and 30 bits, shifted to the left by a shift above 0
 * less than 30. table: that of nw_lstm_params, whose own is not read. hidden, cell: as for nw_lstm_i8. scratch:
 * NW_DSP_LSTM_SCRATCH(input_c, cells) bytes, aligned to a word. */
#ifndef NARROW_DSP_LSTM_H
#define NARROW_DSP_LSTM_H

#include "portable/recurrent/lstm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Data and hidden state in lanes, four gates of whole fours of cells, and states that are not kept. */
#define NW_DSP_LSTM_SCRATCH(input_c, cells) \
  (2 * (((input_c) + 7) / 8 * 8 + ((cells) + 7) / 8 * 8 + ((cells) + 3) / 4 * 16) + 3 * (cells))

void nw_dsp_lstm_i8(const nw_lstm_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_u16 *table, nw_i8 *hidden,
                    nw_i16 *cell, nw_i8 *out, void *scratch);
void nw_dsp_lstm_i8_wide(const nw_lstm_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_u16 *table,
                         nw_i8 *hidden, nw_i16 *cell, nw_i8 *out, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
