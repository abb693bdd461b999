/* LSTM_SEQUENCE with weights of 4 and 16 bits: as in lstm_sequence.h, but for the type of weights. */
#ifndef NARROW_LSTM_SEQUENCE_WIDTHS_H
#define NARROW_LSTM_SEQUENCE_WIDTHS_H

#include "portable/recurrent/lstm_sequence.h"

NW_LSTM_SEQUENCE_FUNCTION(nw_lstm_sequence_a8w4, nw_i8, nw_i4_stored, nw_i32);
NW_LSTM_SEQUENCE_FUNCTION(nw_lstm_sequence_a16w4, nw_i16, nw_i4_stored, nw_i64);
NW_LSTM_SEQUENCE_FUNCTION(nw_lstm_sequence_a16w16, nw_i16, nw_i16_stored, nw_i64);

#endif
