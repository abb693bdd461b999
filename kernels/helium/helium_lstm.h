/* UNIDIRECTIONAL_SEQUENCE_LSTM of int8 for Helium: four rows, and four cells, at a time.
 *
 * Results are those of nw_lstm_i8 with fixed_point 0, half_up 0 and four gates, without peepholes and projection, so
 * that output_c = cells. Shifts are in [-22, 7], that of the output in [-23, -1].
 * weights: for each gate and each four cells (the last ones padded with zeros), first of the data and then of the
 * hidden state: for each 16 elements of a row (padded with zeros) those of each of the four cells. begins: for each
 * gate and each four cells where the four sums over the data begin, and those over the hidden state: the biases of
 * nw_lstm_i8. Sums, shifted to the left by a shift above 0, are within +-2^30. table: that of nw_lstm_params, whose own
 * is not read. hidden, cell: as for nw_lstm_i8. scratch: NW_HELIUM_LSTM_SCRATCH(input_c, cells) bytes, aligned to a
 * word. */
#ifndef NARROW_HELIUM_LSTM_H
#define NARROW_HELIUM_LSTM_H

#include "portable/recurrent/lstm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Data and hidden state in whole vectors, four gates of whole fours of cells, and states that are not kept. */
#define NW_HELIUM_LSTM_SCRATCH(input_c, cells) \
  (((input_c) + 15) / 16 * 16 + ((cells) + 15) / 16 * 16 + ((cells) + 3) / 4 * 32 + 3 * (cells))

void nw_helium_lstm_i8(const nw_lstm_params *p, const nw_i8 *x, const nw_i8 *weights, const nw_i32 *begins,
                       const nw_u16 *table, nw_i8 *hidden, nw_i16 *cell, nw_i8 *out, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
