/* UNIDIRECTIONAL_SEQUENCE_LSTM of 16-bit data and 8-bit weights for processors with the DSP extension: four sums at a
 * time.
 *
 * Results are those of nw_lstm_i16 with fixed_point and half_up 0 and four gates, without peepholes and projection, so
 * that output_c = cells. Shifts of sums are in [-17, -1], that of the output in [-23, -1].
 * weights: for each gate first the rows that data is multiplied with, then those of the hidden state; of each four
 * cells (the last ones padded with zeros) four words where sums begin, and then the words of dsp_four_sums.h, of rows
 * padded to whole eights. Sums begin at the biases of nw_lstm_i16 and have 32 bits. table: that of nw_lstm_params,
 * whose own is not read. hidden, cell: as for nw_lstm_i16. scratch: NW_DSP_LSTM_I16_SCRATCH(input_c, cells) bytes,
 * aligned to a word. */
#ifndef NARROW_DSP_LSTM_I16_H
#define NARROW_DSP_LSTM_I16_H

#include "portable/recurrent/lstm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Data and hidden state in whole eights, four gates of whole fours of cells, and states that are not kept. */
#define NW_DSP_LSTM_I16_SCRATCH(input_c, cells) \
  (2 * (((input_c) + 7) / 8 * 8 + ((cells) + 7) / 8 * 8 + ((cells) + 3) / 4 * 16) + 4 * (cells))

void nw_dsp_lstm_i16(const nw_lstm_params *p, const nw_i16 *x, const nw_i32 *weights, const nw_u16 *table,
                     nw_i16 *hidden, nw_i16 *cell, nw_i16 *out, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
