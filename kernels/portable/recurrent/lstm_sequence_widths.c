#include "portable/recurrent/lstm_sequence_widths.h"

#define NW_LSTM_SEQUENCE_NAME nw_lstm_sequence_a8w4
#define NW_LSTM_SEQUENCE_DATA nw_i8
#define NW_WEIGHT nw_i4
#define NW_LSTM_SEQUENCE_SUM nw_i32
#define NW_LSTM_SEQUENCE_TOP 127
#define NW_LSTM_SEQUENCE_PART(name) lstm_sequence_a8w4_##name
#include "portable/recurrent/lstm_sequence_body.h"

#define NW_LSTM_SEQUENCE_NAME nw_lstm_sequence_a16w4
#define NW_LSTM_SEQUENCE_DATA nw_i16
#define NW_WEIGHT nw_i4
#define NW_LSTM_SEQUENCE_SUM nw_i64
#define NW_LSTM_SEQUENCE_TOP 32767
#define NW_LSTM_SEQUENCE_PART(name) lstm_sequence_a16w4_##name
#include "portable/recurrent/lstm_sequence_body.h"

#define NW_LSTM_SEQUENCE_NAME nw_lstm_sequence_a16w16
#define NW_LSTM_SEQUENCE_DATA nw_i16
#define NW_WEIGHT nw_i16
#define NW_LSTM_SEQUENCE_SUM nw_i64
#define NW_LSTM_SEQUENCE_TOP 32767
#define NW_LSTM_SEQUENCE_PART(name) lstm_sequence_a16w16_##name
#include "portable/recurrent/lstm_sequence_body.h"
