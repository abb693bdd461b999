#include "portable/recurrent/lstm_widths.h"

#include "portable/recurrent/lstm_cells.h"

#define NW_LSTM_NAME nw_lstm_a8w4
#define NW_LSTM_DATA nw_i8
#define NW_WEIGHT nw_i4
#define NW_LSTM_SUM nw_i32
#define NW_LSTM_RESCALE lstm_rescale
#define NW_LSTM_TOP 127
#define NW_LSTM_PART(name) lstm_a8w4_##name
#include "portable/recurrent/lstm_body.h"

#define NW_LSTM_NAME nw_lstm_a16w4
#define NW_LSTM_DATA nw_i16
#define NW_WEIGHT nw_i4
#define NW_LSTM_SUM nw_i64
#define NW_LSTM_RESCALE lstm_rescale_wide
#define NW_LSTM_TOP 32767
#define NW_LSTM_PART(name) lstm_a16w4_##name
#include "portable/recurrent/lstm_body.h"

#define NW_LSTM_NAME nw_lstm_a16w16
#define NW_LSTM_DATA nw_i16
#define NW_WEIGHT nw_i16
#define NW_LSTM_SUM nw_i64
#define NW_LSTM_RESCALE lstm_rescale_wide
#define NW_LSTM_TOP 32767
#define NW_LSTM_PART(name) lstm_a16w16_##name
#include "portable/recurrent/lstm_body.h"
