#include "portable/recurrent/rnn_widths.h"

#define NW_RNN_NAME nw_rnn_a8w4
#define NW_RNN_DATA nw_i8
#define NW_WEIGHT nw_i4
#define NW_RNN_SUM nw_i32
#define NW_RNN_TOP 127
#define NW_RNN_PART(name) rnn_a8w4_##name
#include "portable/recurrent/rnn_body.h"

#define NW_RNN_NAME nw_rnn_a16w4
#define NW_RNN_DATA nw_i16
#define NW_WEIGHT nw_i4
#define NW_RNN_SUM nw_i64
#define NW_RNN_TOP 32767
#define NW_RNN_PART(name) rnn_a16w4_##name
#include "portable/recurrent/rnn_body.h"

#define NW_RNN_NAME nw_rnn_a16w16
#define NW_RNN_DATA nw_i16
#define NW_WEIGHT nw_i16
#define NW_RNN_SUM nw_i64
#define NW_RNN_TOP 32767
#define NW_RNN_PART(name) rnn_a16w16_##name
#include "portable/recurrent/rnn_body.h"
