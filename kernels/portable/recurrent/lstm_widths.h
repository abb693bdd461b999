/* UNIDIRECTIONAL_SEQUENCE_LSTM with weights of 4 and 16 bits: as in lstm.h, but for the type of all weights. */
#ifndef NARROW_LSTM_WIDTHS_H
#define NARROW_LSTM_WIDTHS_H

#include "portable/recurrent/lstm.h"

NW_LSTM_FUNCTION(nw_lstm_a8w4, nw_i8, nw_i4_stored, nw_i32);
NW_LSTM_FUNCTION(nw_lstm_a16w4, nw_i16, nw_i4_stored, nw_i64);
NW_LSTM_FUNCTION(nw_lstm_a16w16, nw_i16, nw_i16_stored, nw_i64);

#endif
